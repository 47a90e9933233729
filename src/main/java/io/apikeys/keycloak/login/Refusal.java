package io.apikeys.keycloak.login;

import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.Disabled;
import io.apikeys.keycloak.verify.Verification.Expired;
import io.apikeys.keycloak.verify.Verification.HolderDisabled;
import io.apikeys.keycloak.verify.Verification.HolderLocked;
import io.apikeys.keycloak.verify.Verification.Malformed;
import org.keycloak.events.Errors;

/**
 * How a refusal is told: to the user by a message of the theme, to the auditor by the error of the event.
 *
 * @param message key of this extension's theme messages
 * @param eventError one of Keycloak's {@link Errors} where there is one
 */
record Refusal(String message, String eventError) {

    static Refusal of(Verification answer, boolean empty) {
        if (empty) {
            return new Refusal("apiKeyMissing", Errors.INVALID_USER_CREDENTIALS);
        }
        if (answer instanceof Malformed) {
            return new Refusal("apiKeyMalformed", Errors.INVALID_USER_CREDENTIALS);
        }
        if (answer instanceof Expired) {
            return new Refusal("apiKeyExpired", "api_key_expired");
        }
        if (answer instanceof Disabled) {
            return new Refusal("apiKeyDisabled", "api_key_disabled");
        }
        if (answer instanceof HolderDisabled) {
            return new Refusal("apiKeyHolderDisabled", Errors.USER_DISABLED);
        }
        if (answer instanceof HolderLocked) {
            return new Refusal("apiKeyHolderLocked", Errors.USER_TEMPORARILY_DISABLED);
        }
        // Unknown, and a good key of somebody else than the user who is signing in: the same to whoever asks.
        return new Refusal("apiKeyUnknown", Errors.INVALID_USER_CREDENTIALS);
    }
}
