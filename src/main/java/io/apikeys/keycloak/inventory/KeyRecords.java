package io.apikeys.keycloak.inventory;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.limit.LimitLines;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.usage.KeyRecord;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.storage.StorageId;

/**
 * The tables beside the credentials, kept in step with them. Keycloak's own pages change credentials, too, so after any
 * change {@link #reconcile} reads the current state. No door needs a table to accept a key that names its holder.
 */
public final class KeyRecords {

    private static final int IN_A_QUERY = 500;

    private final EntityManager em;

    public KeyRecords(KeycloakSession session) {
        em = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /** Returns the user id of the key's holder in this realm, local or from a user storage; empty if there is none. */
    public Optional<String> holderId(RealmModel realm, String keyId) {
        return Stream.of(
                        "select c.user.id from CredentialEntity c where c.user.realmId = :realm"
                                + " and c.id = :id and c.type = :type",
                        "select c.userId from FederatedUserCredentialEntity c where c.realmId = :realm"
                                + " and c.id = :id and c.type = :type")
                .flatMap(query -> em.createQuery(query, String.class)
                        .setParameter("realm", realm.getId())
                        .setParameter("id", keyId)
                        .setParameter("type", ApiKeyCredentialModel.TYPE)
                        .getResultStream())
                .findFirst();
    }

    /**
     * Locks the keys of a user, so that one transaction at a time changes them, on whichever node. Data read earlier
     * may be outdated; data read under the lock stays valid until the transaction ends. A user from a user storage has
     * no row, so the row of the user storage is locked instead, and changes to keys of its users are serialized.
     */
    public void lock(UserModel holder) {
        lock(holder.getId());
    }

    /** Locks the keys of a user with this id. */
    public void lock(String holderId) {
        StorageId id = new StorageId(holderId);
        em.createQuery(
                        id.isLocal()
                                ? "select u from UserEntity u where u.id = :id"
                                : "select c from ComponentEntity c where c.id = :id",
                        Object.class)
                .setParameter("id", id.isLocal() ? holderId : id.getProviderId())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList();
    }

    public HolderLimits limits(RealmModel realm, String holderId) {
        return new HolderLimits(new LimitLines(em), realm, holderId);
    }

    /** Flushes pending changes, so that the database reports errors now. */
    public void flush() {
        em.flush();
    }

    public void add(RealmModel realm, UserModel holder, ApiKeyCredentialModel key) {
        add(realm, holder.getId(), key).setUsername(usernameOf(holder));
    }

    KeyRecord add(RealmModel realm, String holderId, ApiKeyCredentialModel key) {
        KeyRecord record = new KeyRecord(
                key.getId(),
                realm.getId(),
                holderId,
                key.data()
                        .map(ApiKeyCredentialData::hint)
                        .map(hint -> hint.substring(0, Math.min(hint.length(), KeyRecord.HINT_LENGTH)))
                        .orElse(null),
                key.createdAt().toEpochMilli(),
                end(key));
        record.setSearchText(searchText(key));
        record.setState(isDisabled(key), isLimited(key));
        em.persist(record);
        return record;
    }

    private static String searchText(ApiKeyCredentialModel key) {
        return SearchText.of(
                Stream.of(key.name(), key.data().map(ApiKeyCredentialData::hint).orElse(null))
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining("\n")),
                KeyRecord.SEARCH_TEXT_LENGTH);
    }

    /** Returns null for a user of Keycloak's own database, which a search joins. */
    private static @Nullable String usernameOf(UserModel holder) {
        String username = holder.getUsername();
        return username == null || StorageId.isLocalStorage(holder.getId())
                ? null
                : SearchText.of(username, KeyRecord.USERNAME_LENGTH);
    }

    public void update(ApiKeyCredentialModel key) {
        KeyRecord known = em.find(KeyRecord.class, key.getId());
        if (known != null) {
            update(known, key);
        }
    }

    private static void update(KeyRecord known, ApiKeyCredentialModel key) {
        known.setSearchText(searchText(key));
        known.setState(isDisabled(key), isLimited(key));
        if (!Objects.equals(known.getExpiresAt(), end(key))) {
            known.setExpiresAt(end(key));
        }
    }

    private static boolean isDisabled(ApiKeyCredentialModel key) {
        return key.data().filter(data -> !data.enabled()).isPresent();
    }

    private static boolean isLimited(ApiKeyCredentialModel key) {
        return key.data().filter(data -> !data.limits().isNone()).isPresent();
    }

    /** Returns when a key expires, in milliseconds since 1970; null for never. */
    private static @Nullable Long end(ApiKeyCredentialModel key) {
        return key.data()
                .map(ApiKeyCredentialData::expiresAt)
                .map(Instant::toEpochMilli)
                .orElse(null);
    }

    public void remove(Collection<String> keyIds) {
        if (keyIds.isEmpty()) {
            return;
        }
        em.flush();
        Stream.of("delete from KeyRecord k where k.id in :ids", "delete from ImportedHash k where k.keyId in :ids")
                .forEach(query ->
                        em.createQuery(query).setParameter("ids", keyIds).executeUpdate());
    }

    /** Removes the records and limits of the keys of a user who is being removed. */
    public void removeOf(UserModel holder) {
        em.flush();
        em.createQuery("delete from LimitRecord l where l.userId = :user"
                        + " or l.id in (select k.id from KeyRecord k where k.userId = :user)")
                .setParameter("user", holder.getId())
                .executeUpdate();
        Stream.of("delete from KeyRecord k where k.userId = :user", "delete from ImportedHash k where k.userId = :user")
                .forEach(query -> em.createQuery(query)
                        .setParameter("user", holder.getId())
                        .executeUpdate());
    }

    /** Removes the records and limits of the keys of a realm that is being removed. */
    public void removeOf(RealmModel realm) {
        em.flush();
        Stream.of(
                        "delete from LimitRecord l where l.realmId = :realm"
                                + " or l.id in (select k.id from KeyRecord k where k.realmId = :realm)",
                        "delete from ImportedHash k where k.realmId = :realm",
                        "delete from KeyRecord k where k.realmId = :realm")
                .forEach(query -> em.createQuery(query)
                        .setParameter("realm", realm.getId())
                        .executeUpdate());
    }

    private List<KeyRecord> of(String userId) {
        return em.createQuery("select k from KeyRecord k where k.userId = :user", KeyRecord.class)
                .setParameter("user", userId)
                .getResultList();
    }

    /**
     * Updates the records of a user's keys from the stored keys, under the holder's lock. Reads the database, because
     * the user cache may not know a key that another transaction has just issued. If the records are up to date, takes
     * no lock.
     */
    public void reconcile(RealmModel realm, UserModel holder) {
        if (areInStep(holder)) {
            return;
        }
        lock(holder);
        Map<String, KeyRecord> known =
                of(holder.getId()).stream().collect(Collectors.toMap(KeyRecord::getId, Function.identity()));
        List<ApiKeyCredentialModel> keys = stored(holder.getId());
        limits(realm, holder.getId()).bind(keys);
        keys.forEach(key -> {
            KeyRecord record = known.remove(key.getId());
            if (record == null) {
                add(realm, holder, key);
            } else {
                record.setUsername(usernameOf(holder));
                update(record, key);
            }
        });
        remove(known.keySet());
    }

    private boolean areInStep(UserModel holder) {
        Map<String, List<Object>> recorded = new HashMap<>();
        em.createQuery(
                        "select k.id, k.expiresAt, k.searchText, k.username, k.disabled, k.limited from KeyRecord k"
                                + " where k.userId = :user",
                        Object[].class)
                .setParameter("user", holder.getId())
                .getResultStream()
                .forEach(row -> recorded.put((String) row[0], Arrays.asList(row[1], row[2], row[3], row[4], row[5])));
        Map<String, List<Object>> stored = new HashMap<>();
        stored(holder.getId())
                .forEach(key -> stored.put(
                        key.getId(),
                        Arrays.asList(end(key), searchText(key), usernameOf(holder), isDisabled(key), isLimited(key))));
        return recorded.equals(stored);
    }

    /** Returns the keys of a user as stored in the database, without their secret data. */
    public List<ApiKeyCredentialModel> stored(String userId) {
        return Stream.of("CredentialEntity c where c.user.id", "FederatedUserCredentialEntity c where c.userId")
                .flatMap(from -> em.createQuery(
                                "select c.id, c.userLabel, c.createdDate, c.credentialData from " + from
                                        + " = :user and c.type = :type",
                                Object[].class)
                        .setParameter("user", userId)
                        .setParameter("type", ApiKeyCredentialModel.TYPE)
                        .getResultStream())
                .map(ApiKeyCredentialModel::withoutSecretData)
                .toList();
    }

    /**
     * A user who holds keys without a complete record, for example imported ones.
     *
     * @param realmId the user's realm
     */
    public record Holder(String realmId, String userId) {

        /** Before all users. */
        public static final Holder FIRST = new Holder("", "");
    }

    /** Returns such users of any realm behind another, in a fixed order. */
    public List<Holder> holdersWithoutRecords(Holder last, int max) {
        return em.createQuery(
                        "select distinct c.user.realmId, c.user.id from CredentialEntity c where c.type = :type"
                                + " and not exists (select 1 from KeyRecord k where k.id = c.id and k.disabled is not null)"
                                + " and (c.user.realmId > :realm or (c.user.realmId = :realm and c.user.id > :user))"
                                + " order by c.user.realmId, c.user.id",
                        Object[].class)
                .setParameter("type", ApiKeyCredentialModel.TYPE)
                .setParameter("realm", last.realmId())
                .setParameter("user", last.userId())
                .setMaxResults(max)
                .getResultStream()
                .map(row -> new Holder((String) row[0], (String) row[1]))
                .toList();
    }

    /** Returns the records of these keys, by key id. */
    public Map<String, KeyRecord> find(Collection<String> keyIds) {
        Map<String, KeyRecord> found = new HashMap<>();
        List<String> ids = List.copyOf(keyIds);
        for (int from = 0; from < ids.size(); from += IN_A_QUERY) {
            em.createQuery("select k from KeyRecord k where k.id in :ids", KeyRecord.class)
                    .setParameter("ids", ids.subList(from, Math.min(ids.size(), from + IN_A_QUERY)))
                    .getResultStream()
                    .forEach(record -> found.put(record.getId(), record));
        }
        return found;
    }

    /** Returns the uses left of the quotas of these keys, by key id; without keys not used since their quota was set. */
    public Map<String, Long> quotasLeft(Collection<ApiKeyCredentialModel> keys) {
        Map<String, Limits> limits = new HashMap<>();
        keys.forEach(key -> key.data()
                .map(ApiKeyCredentialData::limits)
                .filter(of -> of.quota() != null)
                .ifPresent(of -> limits.put(key.getId(), of)));
        if (limits.isEmpty()) {
            return Map.of();
        }
        Map<String, Object[]> counters = em.createQuery(
                        "select l.id, l.setAt, l.quotaLeft from LimitRecord l where l.id in :lines", Object[].class)
                .setParameter(
                        "lines", limits.values().stream().map(Limits::line).collect(Collectors.toSet()))
                .getResultStream()
                .collect(Collectors.toMap(row -> (String) row[0], Function.identity()));
        Map<String, Long> left = new HashMap<>();
        limits.forEach((keyId, of) -> {
            Object[] counter = counters.get(of.line());
            if (counter != null && counter[1].equals(of.since())) {
                left.put(keyId, (Long) counter[2]);
            }
        });
        return left;
    }
}
