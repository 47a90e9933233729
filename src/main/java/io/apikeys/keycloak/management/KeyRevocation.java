package io.apikeys.keycloak.management;

import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.verify.FoundKey;
import io.apikeys.keycloak.verify.KeyEvents;
import org.jboss.logging.Logger;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Ends a key for a caller who presented the key itself (RFC 7009). */
public record KeyRevocation(KeycloakSession session, RealmModel realm) {

    private static final Logger LOG = Logger.getLogger(KeyRevocation.class);

    /**
     * Deletes a key and reports it. A key that was deleted at the same moment is revoked, too, and reported once.
     *
     * @param event has the realm, and the client if there is one
     * @throws InvalidKeyException if the key could not be deleted; the transaction must be rolled back then
     */
    public void revoke(FoundKey found, EventBuilder event, String reason) throws InvalidKeyException {
        try {
            HolderKeys.ownedBy(found.holder(), realm, session)
                    .delete(found.key().id());
        } catch (InvalidKeyException refused) {
            if (refused.kind() == InvalidKeyException.Kind.GONE) {
                LOG.debugf(
                        "API key %s was deleted at the same moment", found.key().id());
                return;
            }
            throw refused;
        }
        KeyEvents.removed(event, found.holder(), found.key().credential(), reason);
    }
}
