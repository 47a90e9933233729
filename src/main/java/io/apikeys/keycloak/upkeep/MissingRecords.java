package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.inventory.KeyRecords.Holder;
import java.util.List;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.timer.ScheduledTask;

/**
 * Makes records of keys that have none, because they are older than the table or were written past this extension. A key
 * works without.
 */
final class MissingRecords implements ScheduledTask {

    /** Once a day, because the task reads Keycloak's whole table of credentials. */
    static final int INTERVAL_SECONDS = 86_400;

    private static final int AT_A_TIME = 500;

    @Override
    public void run(KeycloakSession session) {
        List<Holder> before = List.of();
        List<Holder> holders = holders(session);
        // Not for ever, should some of them be users whom their user storage no longer knows.
        while (!holders.isEmpty() && !holders.equals(before)) {
            holders.forEach(holder -> reconcile(session, holder));
            before = holders;
            holders = holders(session);
        }
    }

    /** In a transaction of its own: one that has looked before might not see, on some databases, what was done since. */
    private static List<Holder> holders(KeycloakSession session) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                session.getKeycloakSessionFactory(), own -> new KeyRecords(own).holdersWithoutRecords(AT_A_TIME));
    }

    private static void reconcile(KeycloakSession session, Holder missing) {
        KeycloakModelUtils.runJobInTransaction(session.getKeycloakSessionFactory(), own -> {
            RealmModel realm = own.realms().getRealm(missing.realmId());
            if (realm == null) {
                return;
            }
            own.getContext().setRealm(realm);
            UserModel holder = own.users().getUserById(realm, missing.userId());
            if (holder != null) {
                new KeyRecords(own).reconcile(realm, holder);
            }
        });
    }
}
