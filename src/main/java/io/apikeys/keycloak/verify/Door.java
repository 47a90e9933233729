package io.apikeys.keycloak.verify;

import java.util.Locale;

/** A way in which a key is presented. */
public enum Door {
    /** The browser flow's own page. */
    LOGIN_FORM(true),

    /** The token endpoint's password grant. */
    DIRECT_GRANT(true),

    /** RFC 8693, by an authenticated client. */
    TOKEN_EXCHANGE(false),

    /** RFC 7662, by an authenticated client. */
    INTROSPECTION(false),

    /** A gateway that asks whether to let a request through. */
    GATEWAY(false);

    private final boolean authenticationFlow;
    private final String label = name().toLowerCase(Locale.ROOT);

    Door(boolean authenticationFlow) {
        this.authenticationFlow = authenticationFlow;
    }

    /** What lists and metrics call it. */
    String label() {
        return label;
    }

    /** Whether a temporary brute-force lock of the holder closes this door, as it closes every authentication flow. */
    boolean runsAuthenticationFlow() {
        return authenticationFlow;
    }
}
