package io.apikeys.keycloak.login;

import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.Disabled;
import io.apikeys.keycloak.verify.Verification.Expired;
import io.apikeys.keycloak.verify.Verification.HolderDisabled;
import io.apikeys.keycloak.verify.Verification.HolderLocked;
import io.apikeys.keycloak.verify.Verification.Malformed;

/** How a refusal is told to whoever presented the key. */
enum Refusal {
    MISSING("apiKeyMissing", "API key missing"),
    MALFORMED("apiKeyMalformed", "Invalid user credentials"),
    EXPIRED("apiKeyExpired", "API key expired"),
    DISABLED("apiKeyDisabled", "API key disabled"),
    HOLDER_DISABLED("apiKeyHolderDisabled", "Account disabled"),
    HOLDER_LOCKED("apiKeyHolderLocked", "Account temporarily disabled"),
    /** Unknown, and a good key of somebody else than the user who is signing in: the same to whoever asks. */
    UNKNOWN("apiKeyUnknown", "Invalid user credentials");

    private final String message;
    private final String description;

    Refusal(String message, String description) {
        this.message = message;
        this.description = description;
    }

    static Refusal of(Verification answer, boolean empty) {
        if (empty) {
            return MISSING;
        }
        if (answer instanceof Malformed) {
            return MALFORMED;
        }
        if (answer instanceof Expired) {
            return EXPIRED;
        }
        if (answer instanceof Disabled) {
            return DISABLED;
        }
        if (answer instanceof HolderDisabled) {
            return HOLDER_DISABLED;
        }
        if (answer instanceof HolderLocked) {
            return HOLDER_LOCKED;
        }
        return UNKNOWN;
    }

    /** The key of the text in this extension's theme messages. */
    String message() {
        return message;
    }

    /** The {@code error_description} for programs (RFC 6749, section 5.2). */
    String description() {
        return description;
    }
}
