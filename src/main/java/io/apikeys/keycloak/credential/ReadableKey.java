package io.apikeys.keycloak.credential;

import io.apikeys.keycloak.restriction.Restrictions;
import java.time.Instant;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * A stored key whose data is readable. Any other key is refused, so every decision about a key can rely on its data.
 *
 * @param credential the key as stored
 * @param data its data
 */
public record ReadableKey(ApiKeyCredentialModel credential, ApiKeyCredentialData data) {

    /** Returns the id of the credential. */
    public String id() {
        return credential.getId();
    }

    /**
     * Returns the restrictions of the key as they apply now.
     *
     * @param realm the holder's realm
     */
    public Restrictions restrictions(KeycloakSession session, RealmModel realm) {
        return data.restrictions().in(session, realm);
    }

    /** Returns whether the key is neither disabled nor expired. */
    public boolean isUsable(Instant now) {
        return data.enabled() && !data.expired(now);
    }
}
