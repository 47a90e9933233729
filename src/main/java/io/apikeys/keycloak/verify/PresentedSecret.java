package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ImportedKeys;
import io.apikeys.keycloak.credential.KeyRecords;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.verify.Verification.Malformed;
import io.apikeys.keycloak.verify.Verification.Unknown;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * What was presented as a key, reduced to its hash and to the way in which its holder is found. In a realm that has taken
 * over keys of another system, that may be any text; the raw key is in here no longer.
 */
public sealed interface PresentedSecret {

    /**
     * What this realm might take for a key.
     *
     * @param presented may be null or anything
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

    /** The answer if this is the secret of no key. */
    Verification whenUnknown();

    /** A key of this extension's own. */
    record SelfLocating(String holder, KeyHash hash, String hint) implements PresentedSecret {

        @Override
        public Optional<String> holderId(KeycloakSession session) {
            return Optional.of(holder);
        }

        @Override
        public Verification whenUnknown() {
            return new Unknown(hint);
        }

        @Override
        public String toString() {
            return hint;
        }
    }

    /** Perhaps a key that another system has made. */
    record Foreign(KeyHash hash) implements PresentedSecret {

        @Override
        public Optional<String> holderId(KeycloakSession session) {
            return new KeyRecords(session).importedHolder(session.getContext().getRealm(), hash);
        }

        @Override
        public Verification whenUnknown() {
            return new Malformed();
        }

        @Override
        public String toString() {
            return "a foreign key";
        }
    }
}
