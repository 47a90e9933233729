package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.inventory.ImportedKeys;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.verify.Verification.NotFound;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.JsonWebToken;

/**
 * A text presented as a key, reduced to its hash and the way to find its holder; the raw key is not kept. In a realm
 * with keys imported from another system, any text may be a key.
 */
public sealed interface PresentedSecret {

    /**
     * Returns the secret in a text; empty if it cannot be a key of this realm.
     *
     * @param presented any text
     */
    static Optional<PresentedSecret> of(@Nullable String presented, KeycloakSession session, RealmModel realm) {
        Optional<ApiKey> ours = ApiKey.parse(presented);
        if (ours.isPresent()) {
            return ours.map(key -> new SelfLocating(key.holderId(), key.hash(), key.hint()));
        }
        return new ImportedKeys(session, realm).exist() && !isTokenOf(realm, session, presented)
                ? KeyHash.ofForeign(presented).map(Foreign::new)
                : Optional.empty();
    }

    /**
     * Returns whether a text is a token that names the realm as its issuer, as most introspected texts are. Such a text
     * needs no look-up; any other token may be a key that another system has issued. The signature is not checked.
     */
    private static boolean isTokenOf(RealmModel realm, KeycloakSession session, @Nullable String text) {
        if (text == null || !text.startsWith("eyJ")) {
            return false;
        }
        try {
            String issuer =
                    new JWSInput(text).readJsonContent(JsonWebToken.class).getIssuer();
            URI ofRealm = session.getContext()
                    .getUri()
                    .getBaseUriBuilder()
                    .path("realms/{realm}")
                    .build(realm.getName());
            return ofRealm.toString().equals(issuer);
        } catch (JWSInputException notAToken) {
            return false;
        }
    }

    KeyHash hash();

    /** Returns the user id of the holder, as the key claims it; empty if it names none. */
    Optional<String> claimedHolderId();

    /** Returns the answer if this is the secret of no key. */
    NotFound whenUnknown();

    /** A text in the format of this extension's keys. */
    record SelfLocating(String holder, KeyHash hash, String hint) implements PresentedSecret {

        @Override
        public Optional<String> claimedHolderId() {
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
        public Optional<String> claimedHolderId() {
            return Optional.empty();
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
