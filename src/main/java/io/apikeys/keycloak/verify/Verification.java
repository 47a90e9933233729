package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.limit.Allowance;
import io.apikeys.keycloak.limit.Allowance.Exhausted;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.UserModel;

/**
 * The answer to a presented key. Only a caller who presents the whole key learns more than {@link NotFound}; malformed
 * and unknown keys look the same to callers, except that the login form reports a text that is not an API key.
 */
public sealed interface Verification {

    /** Returns the name of this answer in metrics and logs. */
    String label();

    /**
     * The key is valid, its holder may use it, and this use has been counted.
     *
     * @param allowance the uses left under the key's limits
     */
    record Valid(FoundKey found, Allowance allowance) implements Verification {

        public UserModel holder() {
            return found.holder();
        }

        public ReadableKey key() {
            return found.key();
        }

        @Override
        public String label() {
            return "valid";
        }
    }

    /** Any other answer. */
    sealed interface Refused extends Verification {

        Refusal reason();

        @Override
        default String label() {
            return reason().label();
        }
    }

    /**
     * No key of this realm has the presented secret.
     *
     * @param hint the hint of the presented key; null if it is no key at all
     */
    record NotFound(Refusal reason, @Nullable String hint) implements Refused {}

    /**
     * The key exists but is refused.
     *
     * @param detail for Keycloak's event, where the reason has several causes
     */
    record Denied(Refusal reason, FoundKey found, @Nullable String detail) implements Refused {}

    /** The user storage of the holder cannot be reached, so that nothing is known about the key. */
    record Unavailable() implements Refused {

        @Override
        public Refusal reason() {
            return Refusal.HOLDER_UNAVAILABLE;
        }
    }

    /** The key is valid, but has reached its limits. */
    record OverLimit(FoundKey found, Exhausted allowance) implements Refused {

        @Override
        public Refusal reason() {
            return allowance.isOfQuota() ? Refusal.QUOTA_USED_UP : Refusal.RATE_LIMITED;
        }
    }
}
