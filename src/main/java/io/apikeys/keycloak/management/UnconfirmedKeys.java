package io.apikeys.keycloak.management;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.key.KeyName;
import io.apikeys.keycloak.usage.KeyRecord;
import io.apikeys.keycloak.verify.KeyEvents;
import java.text.Normalizer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Keys that a page has shown but whose holder has not confirmed to have saved them; the page may have been closed before
 * it was seen. Such a key works. Until it is used, the holder can replace it by a key of the same name, and upkeep
 * deletes it after a while.
 *
 * @param keys the holder's keys, as the session may change them
 */
public record UnconfirmedKeys(KeycloakSession session, RealmModel realm, UserModel holder, HolderKeys keys) {

    /** Issues a key that is to be confirmed, in place of an unused one of the same name that was not. */
    public IssuedKey create(KeySettings asked) throws InvalidKeyException {
        String name =
                asked.name() == null ? "" : Normalizer.normalize(asked.name().strip(), Normalizer.Form.NFC);
        List<ApiKeyCredentialModel> sameName = keys.list().stream()
                .filter(key -> key.name() != null && KeyName.isSame(key.name(), name))
                .toList();
        Map<String, KeyRecord> records = new KeyRecords(session)
                .find(sameName.stream().map(ApiKeyCredentialModel::getId).toList());
        for (ApiKeyCredentialModel key : sameName) {
            KeyRecord record = records.get(key.getId());
            if (record != null && record.isUnconfirmed() && record.getLastUsedAt() == null) {
                replace(key);
            }
        }
        IssuedKey issued = keys.create(asked);
        record(issued.credential().getId()).setUnconfirmedSince(Instant.now().toEpochMilli());
        return issued;
    }

    private void replace(ApiKeyCredentialModel key) throws InvalidKeyException {
        keys.delete(key.getId());
        EventBuilder event =
                new EventBuilder(realm, session, session.getContext().getConnection());
        KeyEvents.removed(event, holder, key, "replaced before its holder had saved it");
    }

    /** Notes that the holder has saved a key. Does nothing if the key no longer exists. */
    public static void confirm(KeycloakSession session, String keyId) {
        session.getProvider(JpaConnectionProvider.class)
                .getEntityManager()
                .createQuery("update KeyRecord k set k.unconfirmedSince = null where k.id = :id")
                .setParameter("id", keyId)
                .executeUpdate();
    }

    private KeyRecord record(String keyId) {
        return session.getProvider(JpaConnectionProvider.class)
                .getEntityManager()
                .find(KeyRecord.class, keyId);
    }
}
