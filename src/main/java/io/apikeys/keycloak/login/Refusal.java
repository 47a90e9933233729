package io.apikeys.keycloak.login;

import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.Disabled;
import io.apikeys.keycloak.verify.Verification.Expired;
import io.apikeys.keycloak.verify.Verification.HolderDisabled;
import io.apikeys.keycloak.verify.Verification.HolderLocked;
import io.apikeys.keycloak.verify.Verification.Malformed;
import io.apikeys.keycloak.verify.Verification.NotAllowedHere;
import io.apikeys.keycloak.verify.Verification.QuotaUsedUp;
import io.apikeys.keycloak.verify.Verification.RateLimited;

/** How a refusal is told to whoever presented the key. */
enum Refusal {
    MISSING("apiKeyMissing"),
    MALFORMED("apiKeyMalformed"),
    EXPIRED("apiKeyExpired"),
    DISABLED("apiKeyDisabled"),
    RATE_LIMITED("apiKeyRateLimited"),
    QUOTA_USED_UP("apiKeyQuotaUsedUp"),
    HOLDER_DISABLED("apiKeyHolderDisabled"),
    HOLDER_LOCKED("apiKeyHolderLocked"),
    NOT_ALLOWED_HERE("apiKeyNotAllowedHere"),
    /** Unknown, and a good key of somebody else than the user who is signing in: the same to whoever asks. */
    UNKNOWN("apiKeyUnknown");

    private final String message;

    Refusal(String message) {
        this.message = message;
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
        if (answer instanceof NotAllowedHere) {
            return NOT_ALLOWED_HERE;
        }
        if (answer instanceof RateLimited) {
            return RATE_LIMITED;
        }
        if (answer instanceof QuotaUsedUp) {
            return QUOTA_USED_UP;
        }
        return UNKNOWN;
    }

    /** The key of the text in this extension's theme messages. */
    String message() {
        return message;
    }
}
