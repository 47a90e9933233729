package io.apikeys.keycloak.verify;

/** A way in which a key is presented. */
public enum Door {
    /** The browser flow's own page. */
    LOGIN_FORM(true);

    private final boolean authenticationFlow;

    Door(boolean authenticationFlow) {
        this.authenticationFlow = authenticationFlow;
    }

    /** Whether a temporary brute-force lock of the holder closes this door, as it closes every authentication flow. */
    boolean runsAuthenticationFlow() {
        return authenticationFlow;
    }
}
