package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.credential.KeyRecords;
import java.util.List;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.timer.ScheduledTask;

/**
 * Makes records of keys that have none: because their realm was imported, or because they are older than the table. A key
 * works without.
 */
final class MissingRecords implements ScheduledTask {

    static final int INTERVAL_SECONDS = 3_600;

    private static final int AT_A_TIME = 500;

    @Override
    public void run(KeycloakSession session) {
        session.realms().getRealmsStream().map(RealmModel::getId).toList().forEach(realmId -> {
            List<String> holders;
            do {
                holders = new KeyRecords(session)
                        .holdersWithoutRecords(session.realms().getRealm(realmId), AT_A_TIME)
                        .toList();
                holders.forEach(userId -> reconcile(session, realmId, userId));
            } while (holders.size() == AT_A_TIME);
        });
    }

    private static void reconcile(KeycloakSession session, String realmId, String userId) {
        KeycloakModelUtils.runJobInTransaction(session.getKeycloakSessionFactory(), own -> {
            RealmModel realm = own.realms().getRealm(realmId);
            if (realm == null) {
                return;
            }
            own.getContext().setRealm(realm);
            UserModel holder = own.users().getUserById(realm, userId);
            if (holder != null) {
                new KeyRecords(own).reconcile(realm, holder);
            }
        });
    }
}
