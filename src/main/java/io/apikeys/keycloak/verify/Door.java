package io.apikeys.keycloak.verify;

import java.util.Locale;

/** A way to present a key. */
public enum Door {
    /** The page in the browser flow. */
    LOGIN_FORM(true),

    /** The password grant of the token endpoint. */
    DIRECT_GRANT(true),

    /** Token exchange (RFC 8693) by an authenticated client. */
    TOKEN_EXCHANGE(false),

    /** Introspection (RFC 7662) by an authenticated client. */
    INTROSPECTION(false),

    /** The check of a gateway before it forwards a request. */
    GATEWAY(false),

    /** The rotation of a key by the machine that uses it. */
    ROTATION(false);

    private final boolean authenticationFlow;
    private final String label = name().toLowerCase(Locale.ROOT);

    Door(boolean authenticationFlow) {
        this.authenticationFlow = authenticationFlow;
    }

    /** Returns the name in lists and metrics. */
    String label() {
        return label;
    }

    /** Returns whether a temporary brute-force lock of the holder closes this door, as it closes every authentication flow. */
    boolean runsAuthenticationFlow() {
        return authenticationFlow;
    }
}
