package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.inventory.ImportedKeys;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.verify.Verification.NotFound;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * A text presented as a key, reduced to its hash and the way to find its holder; the raw key is not kept. In a realm
 * with keys imported from another system, any text may be a key.
 */
public sealed interface PresentedSecret {

    /**
     * Returns the secret in a text; empty if it cannot be a key of this realm.
     *
     * @param presented may be null or any text
     */
    static Optional<PresentedSecret> of(String presented, RealmModel realm) {
        Optional<ApiKey> ours = ApiKey.parse(presented);
        if (ours.isPresent()) {
            return ours.map(key -> new SelfLocating(key.holderId(), key.hash(), key.hint()));
        }
        return ImportedKeys.maybeIn(realm) ? KeyHash.ofForeign(presented).map(Foreign::new) : Optional.empty();
    }

    KeyHash hash();

    Optional<String> holderId(KeycloakSession session);

    /** Returns the answer if this is the secret of no key. */
    NotFound whenUnknown();

    /** A text in the format of this extension's keys. */
    record SelfLocating(String holder, KeyHash hash, String hint) implements PresentedSecret {

        @Override
        public Optional<String> holderId(KeycloakSession session) {
            return Optional.of(holder);
        }

        @Override
        public NotFound whenUnknown() {
            return new NotFound(Refusal.UNKNOWN, hint);
        }

        @Override
        public String toString() {
            return hint;
        }
    }

    /** A text that may be a key of another system. */
    record Foreign(KeyHash hash) implements PresentedSecret {

        @Override
        public Optional<String> holderId(KeycloakSession session) {
            return new KeyRecords(session).importedHolder(session.getContext().getRealm(), hash);
        }

        @Override
        public NotFound whenUnknown() {
            return new NotFound(Refusal.MALFORMED, null);
        }

        @Override
        public String toString() {
            return "a foreign key";
        }
    }
}
