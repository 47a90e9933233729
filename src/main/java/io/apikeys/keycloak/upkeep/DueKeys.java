package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderKeys;
import io.apikeys.keycloak.usage.KeyRecord;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Keys of a realm whose records say that something is due. Each is dealt with in a transaction of its own, so that one that
 * cannot be does not keep the others waiting.
 */
final class DueKeys {

    private static final Logger LOG = Logger.getLogger(DueKeys.class);

    private static final int AT_A_TIME = 500;

    private final KeycloakSession session;
    private final RealmModel realm;

    DueKeys(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    /**
     * The realms in which something may be due.
     *
     * @param condition on {@code k}, in JPQL, with {@code :now}
     */
    static List<RealmModel> realms(KeycloakSession session, String condition, Instant now) {
        return session.getProvider(JpaConnectionProvider.class)
                .getEntityManager()
                .createQuery("select distinct k.realmId from KeyRecord k where " + condition, String.class)
                .setParameter("now", now.toEpochMilli())
                .getResultStream()
                .map(session.realms()::getRealm)
                .filter(Objects::nonNull)
                .toList();
    }

    /** What is to be done with one key. */
    interface Work {
        void on(KeycloakSession own, RealmModel realm, UserModel holder, ApiKeyCredentialModel key, KeyRecord record);
    }

    /**
     * Works on those keys whose end lies in a span of time.
     *
     * @param condition on {@code k}, in JPQL, that is no longer true after the work
     * @param after the end is later than this
     * @param until but not later than this
     */
    void each(String condition, Instant after, Instant until, Work work) {
        List<String> ids;
        do {
            ids = ids(condition, after, until);
            long failed = ids.stream().filter(id -> !done(id, work)).count();
            if (failed > 0) {
                return;
            }
        } while (ids.size() == AT_A_TIME);
    }

    /** In a transaction of its own: one that has looked before might not see, on some databases, what was done since. */
    private List<String> ids(String condition, Instant after, Instant until) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                session.getKeycloakSessionFactory(),
                own -> own.getProvider(JpaConnectionProvider.class)
                        .getEntityManager()
                        .createQuery(
                                "select k.id from KeyRecord k where k.realmId = :realm and k.expiresAt > :after"
                                        + " and k.expiresAt <= :until and " + condition + " order by k.expiresAt",
                                String.class)
                        .setParameter("realm", realm.getId())
                        .setParameter("after", after.toEpochMilli())
                        .setParameter("until", until.toEpochMilli())
                        .setMaxResults(AT_A_TIME)
                        .getResultList());
    }

    private boolean done(String id, Work work) {
        try {
            KeycloakModelUtils.runJobInTransaction(session.getKeycloakSessionFactory(), own -> {
                RealmModel sameRealm = own.realms().getRealm(realm.getId());
                own.getContext().setRealm(sameRealm);
                EntityManager em = own.getProvider(JpaConnectionProvider.class).getEntityManager();
                KeyRecord record = em.find(KeyRecord.class, id, LockModeType.PESSIMISTIC_WRITE);
                if (record == null) {
                    return;
                }
                UserModel holder = own.users().getUserById(sameRealm, record.getUserId());
                ApiKeyCredentialModel key =
                        holder == null ? null : HolderKeys.find(holder, id).orElse(null);
                if (key == null) {
                    em.remove(record);
                } else {
                    work.on(own, sameRealm, holder, key, record);
                }
            });
            return true;
        } catch (ModelException | PersistenceException failed) {
            LOG.warnf("API key %s will be looked at again later: %s", id, failed);
            return false;
        }
    }
}
