package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.internals.credential.HolderStorage;
import io.apikeys.keycloak.internals.credential.HolderStorage.UnavailableException;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.usage.KeyRecord;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
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

    private DueKeys(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    /**
     * Works on the realms in which something may be due, each in a transaction of its own: one transaction that loads many
     * realms takes longer for each further one.
     *
     * @param condition on {@code k}, in JPQL, with {@code :now}
     */
    static void eachRealm(KeycloakSession session, String condition, Instant now, Consumer<DueKeys> work) {
        session.getProvider(JpaConnectionProvider.class)
                .getEntityManager()
                .createQuery("select distinct k.realmId from KeyRecord k where " + condition, String.class)
                .setParameter("now", now.toEpochMilli())
                .getResultList()
                .forEach(realmId -> inRealm(session.getKeycloakSessionFactory(), realmId, work));
    }

    private static void inRealm(KeycloakSessionFactory factory, String realmId, Consumer<DueKeys> work) {
        try {
            KeycloakModelUtils.runJobInTransaction(factory, own -> {
                RealmModel realm = own.realms().getRealm(realmId);
                if (realm != null) {
                    own.getContext().setRealm(realm);
                    work.accept(new DueKeys(own, realm));
                }
            });
        } catch (ModelException | PersistenceException failed) {
            LOG.warnf("The API keys of realm %s will be looked at again later: %s", realmId, failed);
        }
    }

    KeycloakSessionFactory factory() {
        return session.getKeycloakSessionFactory();
    }

    RealmModel realm() {
        return realm;
    }

    /**
     * A key of which something is due.
     *
     * @param session of a transaction of its own
     */
    record Due(KeycloakSession session, RealmModel realm, UserModel holder, ApiKeyCredentialModel key) {

        /** Its record, locked; nothing if it is gone. Whoever also locks the holder has to do that before. */
        Optional<KeyRecord> record() {
            return lockedRecord(session, key.getId());
        }

        /** Deletes the key, and writes an event that says why. */
        void delete(String reason) {
            try {
                HolderKeys.ownedBy(holder, realm, session).delete(key.getId());
            } catch (InvalidKeyException notNow) {
                throw new ModelException("A key could not be deleted", notNow);
            }
            KeyEvents.removed(new EventBuilder(realm, session), holder, key, reason);
        }
    }

    private static Optional<KeyRecord> lockedRecord(KeycloakSession session, String id) {
        return Optional.ofNullable(session.getProvider(JpaConnectionProvider.class)
                .getEntityManager()
                .find(KeyRecord.class, id, LockModeType.PESSIMISTIC_WRITE));
    }

    /** What is to be done with one key. */
    interface Work {
        void on(Due due);
    }

    /**
     * Works on those keys whose end lies in a span of time, one after another. A key that fails is passed over until the next run, so that
     * the others do not wait for it.
     *
     * @param condition on {@code k}, in JPQL, that is no longer true after the work
     * @param after the end is not earlier than this
     * @param until but not later than this
     */
    void each(String condition, Instant after, Instant until, Work work) {
        Position position = new Position(after.toEpochMilli(), "");
        List<Position> page;
        do {
            page = page(condition, position, until);
            for (Position key : page) {
                done(key.id(), work);
                position = key;
            }
        } while (page.size() == AT_A_TIME);
    }

    /**
     * Works on all keys that meet a condition, one after another. A key that fails is passed over until the next run.
     *
     * @param condition on {@code k}, in JPQL, with {@code :now}, that is no longer true after the work
     */
    void each(String condition, Instant now, Work work) {
        String last = "";
        List<String> page;
        do {
            page = page(condition, last, now);
            for (String id : page) {
                done(id, work);
                last = id;
            }
        } while (page.size() == AT_A_TIME);
    }

    private List<String> page(String condition, String after, Instant now) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                session.getKeycloakSessionFactory(),
                own -> own.getProvider(JpaConnectionProvider.class)
                        .getEntityManager()
                        .createQuery(
                                "select k.id from KeyRecord k where k.realmId = :realm and k.id > :after and "
                                        + condition + " order by k.id",
                                String.class)
                        .setParameter("realm", realm.getId())
                        .setParameter("after", after)
                        .setParameter("now", now.toEpochMilli())
                        .setMaxResults(AT_A_TIME)
                        .getResultList());
    }

    /**
     * The place of a key in the order of ends.
     *
     * @param end milliseconds since 1970
     */
    private record Position(long end, String id) {}

    /**
     * Returns the next keys behind a position, read in a transaction of its own: on some databases, one that has looked before does not see
     * what was done since.
     */
    private List<Position> page(String condition, Position behind, Instant until) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                session.getKeycloakSessionFactory(),
                own -> own.getProvider(JpaConnectionProvider.class)
                        .getEntityManager()
                        .createQuery(
                                "select k.expiresAt, k.id from KeyRecord k where k.realmId = :realm"
                                        + " and (k.expiresAt > :end or (k.expiresAt = :end and k.id > :id))"
                                        + " and k.expiresAt <= :until and " + condition + " order by k.expiresAt, k.id",
                                Object[].class)
                        .setParameter("realm", realm.getId())
                        .setParameter("end", behind.end())
                        .setParameter("id", behind.id())
                        .setParameter("until", until.toEpochMilli())
                        .setMaxResults(AT_A_TIME)
                        .getResultStream()
                        .map(row -> new Position((Long) row[0], (String) row[1]))
                        .toList());
    }

    private void done(String id, Work work) {
        try {
            KeycloakModelUtils.runJobInTransaction(session.getKeycloakSessionFactory(), own -> {
                RealmModel sameRealm = own.realms().getRealm(realm.getId());
                own.getContext().setRealm(sameRealm);
                Optional<Due> due = holderId(own, id)
                        .flatMap(new HolderStorage(own, sameRealm)::find)
                        .flatMap(
                                holder -> HolderKeys.find(holder, id).map(key -> new Due(own, sameRealm, holder, key)));
                due.ifPresentOrElse(
                        work::on,
                        () -> lockedRecord(own, id)
                                .ifPresent(own.getProvider(JpaConnectionProvider.class)
                                        .getEntityManager()::remove));
            });
        } catch (ModelException | PersistenceException | UnavailableException failed) {
            LOG.warnf("API key %s will be looked at again later: %s", id, failed);
        }
    }

    /** Nothing if there is no such record any more. */
    private static Optional<String> holderId(KeycloakSession own, String keyId) {
        return own.getProvider(JpaConnectionProvider.class)
                .getEntityManager()
                .createQuery("select k.userId from KeyRecord k where k.id = :id", String.class)
                .setParameter("id", keyId)
                .getResultStream()
                .findFirst();
    }
}
