package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.usage.Allowance;
import io.apikeys.keycloak.usage.Allowance.Exhausted;
import org.keycloak.models.UserModel;

/**
 * What the verifier answers. Everything but {@link Malformed} and {@link Unknown} is said only to somebody who has shown
 * the whole key; those two look the same outside, except that the login form may say what is not an API key at all.
 */
public sealed interface Verification {

    /** What a program is told that gets nothing for what it presented; the same for all that holds no key of this realm. */
    static String whyNot(Verification answer) {
        return answer instanceof Refused refused ? refused.description() : "Invalid user credentials";
    }

    /**
     * The key is good, its holder may use it, and this use has been counted.
     *
     * @param allowance what is left of the key's limits
     */
    record Valid(UserModel holder, ApiKeyCredentialModel key, Allowance allowance) implements Verification {}

    /** A good key, but not one that the door has asked for: another user's, or without a role that is demanded. */
    record Unsuitable(UserModel holder, ApiKeyCredentialModel key) implements Verification {}

    /** Not an API key: mistyped, truncated, or something else. */
    record Malformed() implements Verification {}

    /**
     * Well-formed, but not a key of this realm.
     *
     * @param hint of what was presented
     */
    record Unknown(String hint) implements Verification {}

    /** A key of this realm that is refused all the same. */
    sealed interface Refused extends Verification {

        UserModel holder();

        ApiKeyCredentialModel key();

        /** For programs: an {@code error_description} (RFC 6749, section 5.2). */
        String description();
    }

    record Expired(UserModel holder, ApiKeyCredentialModel key) implements Refused {
        @Override
        public String description() {
            return "API key expired";
        }
    }

    record Disabled(UserModel holder, ApiKeyCredentialModel key) implements Refused {
        @Override
        public String description() {
            return "API key disabled";
        }
    }

    /** The holder's account is disabled, be it by an administrator or by a permanent lock-out. */
    record HolderDisabled(UserModel holder, ApiKeyCredentialModel key) implements Refused {
        @Override
        public String description() {
            return "Account disabled";
        }
    }

    /** Too many wrong passwords have locked the holder's account for a while. */
    record HolderLocked(UserModel holder, ApiKeyCredentialModel key) implements Refused {
        @Override
        public String description() {
            return "Account temporarily disabled";
        }
    }

    /** The key's restrictions leave out the client that asks, or the address that the request comes from. */
    record NotAllowedHere(UserModel holder, ApiKeyCredentialModel key) implements Refused {
        @Override
        public String description() {
            return "API key not allowed for this client or address";
        }
    }

    /** The key has been used as often as its rate limit allows for now. */
    record RateLimited(UserModel holder, ApiKeyCredentialModel key, Exhausted allowance) implements Refused {
        @Override
        public String description() {
            return "API key used too often";
        }
    }

    /** The key has been used as often as its quota allows. */
    record QuotaUsedUp(UserModel holder, ApiKeyCredentialModel key, Exhausted allowance) implements Refused {
        @Override
        public String description() {
            return "API key used up";
        }
    }
}
