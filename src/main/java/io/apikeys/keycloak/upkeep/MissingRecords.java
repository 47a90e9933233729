package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.internals.credential.HolderStorage.UnavailableException;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.inventory.KeyRecords.Holder;
import jakarta.persistence.PersistenceException;
import java.util.List;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.timer.ScheduledTask;

/**
 * Makes records of keys that have none, because they are older than the table or were written past this extension. A key
 * works without.
 */
final class MissingRecords implements ScheduledTask {

    private static final Logger LOG = Logger.getLogger(MissingRecords.class);

    /** Once a day, because the task reads Keycloak's whole table of credentials. */
    static final int INTERVAL_SECONDS = 86_400;

    private static final int AT_A_TIME = 500;

    @Override
    public void run(KeycloakSession session) {
        KeycloakSessionFactory factory = session.getKeycloakSessionFactory();
        Holder last = Holder.FIRST;
        List<Holder> holders = holders(factory, last);
        while (!holders.isEmpty()) {
            for (Holder holder : holders) {
                reconcile(factory, holder);
                last = holder;
            }
            holders = holders(factory, last);
        }
    }

    /** In a transaction of its own: one that has looked before might not see, on some databases, what was done since. */
    private static List<Holder> holders(KeycloakSessionFactory factory, Holder last) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                factory, own -> new KeyRecords(own).holdersWithoutRecords(last, AT_A_TIME));
    }

    /** Passes over a holder whose records cannot be made now, so that the others do not wait. */
    private static void reconcile(KeycloakSessionFactory factory, Holder missing) {
        try {
            KeycloakModelUtils.runJobInTransaction(factory, own -> {
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
        } catch (ModelException | PersistenceException | UnavailableException failed) {
            LOG.warnf("The records of user %s will be made later: %s", missing.userId(), failed);
        }
    }
}
