package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.credential.HolderCredentials;
import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.internals.credential.HolderStorage;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.mail.HolderMail;
import io.apikeys.keycloak.usage.KeyRecord;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * What the records of a realm's keys say of reminders, each method in a transaction of its own.
 *
 * @param span how long before its end the holder of a key is reminded of it
 */
record HolderReminders(KeycloakSessionFactory factory, String realmId, Duration span, Attempts attempts, Instant now) {

    private static final int AT_A_TIME = 500;
    private static final Duration DAY = Duration.ofDays(1);

    private static final String DUE = "k.expiresAt > :now and k.expiresAt <= :until and k.remindedAt is null"
            + " and (k.remindAt is null or k.remindAt <= :now)";

    /** A key to remind of. */
    record ExpiringKey(String id, String name, String hint, Instant end) {}

    /**
     * The keys of which a holder is to be reminded now, in the order in which they expire. Nobody else reminds of them
     * until the next attempt is due.
     *
     * @param keys empty if there is nothing to remind of now
     */
    record Claim(List<ExpiringKey> keys) {}

    /** Returns the ids of the next holders of keys that expire soon, in the database's order. */
    List<String> dueHolders(String after) {
        return inTransaction(session -> em(session)
                .createQuery(
                        "select distinct k.userId from KeyRecord k where k.realmId = :realm and k.userId > :after and "
                                + DUE + " order by k.userId",
                        String.class)
                .setParameter("realm", realmId)
                .setParameter("after", after)
                .setParameter("now", now.toEpochMilli())
                .setParameter("until", now.plus(span).toEpochMilli())
                .setMaxResults(AT_A_TIME)
                .getResultList());
    }

    /** Decides which keys the next reminder of a holder lists. */
    Claim claim(String holderId) {
        return inTransaction(session -> {
            RealmModel realm = session.realms().getRealm(realmId);
            session.getContext().setRealm(realm);
            Optional<UserModel> reachable = new HolderStorage(session, realm)
                    .find(holderId)
                    .filter(holder -> new HolderMail(session, realm, holder).isPossible());
            List<KeyRecord> due = due(session, holderId);
            long tomorrow = now.plus(DAY).toEpochMilli();
            if (reachable.isEmpty()) {
                due.forEach(record -> record.setRemindAt(tomorrow));
                return new Claim(List.of());
            }
            Long lastMail = lastMail(session, holderId);
            if (lastMail != null && lastMail > now.minus(DAY).toEpochMilli()) {
                due.forEach(record -> record.setRemindAt(lastMail + DAY.toMillis()));
                return new Claim(List.of());
            }
            return claim(session, reachable.get(), due, tomorrow);
        });
    }

    private Claim claim(KeycloakSession session, UserModel holder, List<KeyRecord> due, long tomorrow) {
        Map<String, ReadableKey> keys = HolderCredentials.of(holder)
                .keys()
                .flatMap(key -> key.readable().stream())
                .collect(Collectors.toMap(ReadableKey::id, Function.identity()));
        List<ReadableKey> claimed = new ArrayList<>();
        for (KeyRecord record : due) {
            ReadableKey key = keys.get(record.getId());
            if (key == null || !concerns(key)) {
                record.setRemindAt(Attempts.NEVER);
            } else if (!key.data().enabled()) {
                record.setRemindAt(tomorrow);
            } else {
                record.setRemindAt(attempts.next(record.getRemindTries(), now));
                record.setRemindTries(record.getRemindTries() + 1);
                claimed.add(key);
            }
        }
        if (!claimed.isEmpty()) {
            claimed.addAll(comingDue(session, holder.getId(), keys));
        }
        return new Claim(claimed.stream()
                .map(key -> new ExpiringKey(
                        key.id(),
                        Objects.toString(key.credential().name(), ""),
                        key.data().hint(),
                        Objects.requireNonNull(key.data().expiresAt())))
                .sorted(Comparator.comparing(ExpiringKey::end))
                .toList());
    }

    /** Returns the keys that become due within a day, which the e-mail therefore lists, too. */
    private List<ReadableKey> comingDue(KeycloakSession session, String holderId, Map<String, ReadableKey> keys) {
        return em(session)
                .createQuery(
                        "select k.id from KeyRecord k where k.userId = :user and k.realmId = :realm"
                                + " and k.remindedAt is null and k.expiresAt > :until and k.expiresAt <= :soon",
                        String.class)
                .setParameter("user", holderId)
                .setParameter("realm", realmId)
                .setParameter("until", now.plus(span).toEpochMilli())
                .setParameter("soon", now.plus(span).plus(DAY).toEpochMilli())
                .getResultStream()
                .map(keys::get)
                .filter(Objects::nonNull)
                .filter(key -> concerns(key) && key.data().enabled())
                .toList();
    }

    /** Notes that an e-mail was sent. */
    void sent(Claim claim) {
        inTransaction(session -> em(session)
                .createQuery("update KeyRecord k set k.remindedAt = :now where k.id in :ids")
                .setParameter("now", now.toEpochMilli())
                .setParameter("ids", claim.keys().stream().map(ExpiringKey::id).toList())
                .executeUpdate());
    }

    /** Lets the keys of a holder wait whom a user storage cannot find at present. */
    void postpone(String holderId) {
        inTransaction(session -> {
            Consumer<KeyRecord> later = record -> {
                record.setRemindAt(attempts.next(record.getRemindTries(), now));
                record.setRemindTries(record.getRemindTries() + 1);
            };
            due(session, holderId).forEach(later);
            return null;
        });
    }

    /** Returns the records of the holder's due keys, under the lock of the holder, so that no other node claims them, too. */
    private List<KeyRecord> due(KeycloakSession session, String holderId) {
        new KeyRecords(session).lock(holderId);
        return em(session)
                .createQuery(
                        "select k from KeyRecord k where k.realmId = :realm and k.userId = :user and " + DUE,
                        KeyRecord.class)
                .setParameter("realm", realmId)
                .setParameter("user", holderId)
                .setParameter("now", now.toEpochMilli())
                .setParameter("until", now.plus(span).toEpochMilli())
                .getResultList();
    }

    private @Nullable Long lastMail(KeycloakSession session, String holderId) {
        return em(session)
                .createQuery(
                        "select max(k.remindedAt) from KeyRecord k where k.realmId = :realm and k.userId = :user",
                        Long.class)
                .setParameter("realm", realmId)
                .setParameter("user", holderId)
                .getSingleResult();
    }

    /**
     * Returns whether the holder may have forgotten the key's end: a key that lives shorter than twice the span was made
     * recently, and one that has been replaced ends on purpose.
     */
    private boolean concerns(ReadableKey key) {
        Instant end = key.data().expiresAt();
        return end != null
                && key.data().replacedAt() == null
                && !key.credential().createdAt().plus(span.multipliedBy(2)).isAfter(end);
    }

    private <T> T inTransaction(Function<KeycloakSession, T> work) {
        return KeycloakModelUtils.runJobInTransactionWithResult(factory, work::apply);
    }

    private static EntityManager em(KeycloakSession session) {
        return session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }
}
