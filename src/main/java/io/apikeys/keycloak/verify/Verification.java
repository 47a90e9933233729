package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
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

    /** The key is good and its holder may use it. */
    record Valid(UserModel holder, ApiKeyCredentialModel key) implements Verification {}

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
}
