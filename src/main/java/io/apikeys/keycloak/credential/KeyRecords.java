package io.apikeys.keycloak.credential;

import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.usage.ImportedHash;
import io.apikeys.keycloak.usage.KeyRecord;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * The tables beside the credentials, kept in step with them. Keycloak's own pages change credentials too, so whoever hears
 * of a change lets {@link #reconcile} look at what is. No door needs a table to accept a key that names its holder.
 */
public final class KeyRecords {

    private static final int IN_A_QUERY = 500;

    private final EntityManager em;

    public KeyRecords(KeycloakSession session) {
        em = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /** The id of the user of this realm who holds the key with this credential id, local or of a user storage. */
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
     * Lets one transaction at a time add keys to a user, on whichever node, so that two that count at the same moment do
     * not both find room. Users who live in a user storage have no row to lock.
     */
    void lock(UserModel holder) {
        em.createQuery("select u from UserEntity u where u.id = :id", Object.class)
                .setParameter("id", holder.getId())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList();
    }

    void add(RealmModel realm, UserModel holder, ApiKeyCredentialModel key) {
        em.persist(new KeyRecord(
                key.getId(),
                realm.getId(),
                holder.getId(),
                key.policy().map(KeyPolicy::hint).orElse(null),
                key.createdAt().toEpochMilli(),
                end(key)));
    }

    void update(ApiKeyCredentialModel key) {
        KeyRecord known = em.find(KeyRecord.class, key.getId());
        if (known != null && !Objects.equals(known.getExpiresAt(), end(key))) {
            known.setExpiresAt(end(key));
        }
    }

    /** @return milliseconds since 1970; null for never */
    private static Long end(ApiKeyCredentialModel key) {
        return key.policy().map(KeyPolicy::expiresAt).map(Instant::toEpochMilli).orElse(null);
    }

    void remove(Collection<String> keyIds) {
        if (keyIds.isEmpty()) {
            return;
        }
        em.flush();
        Stream.of(
                        "delete from KeyRecord k where k.id in :ids",
                        "delete from LimitRecord k where k.id in :ids",
                        "delete from ImportedHash k where k.keyId in :ids")
                .forEach(query ->
                        em.createQuery(query).setParameter("ids", keyIds).executeUpdate());
    }

    /** Forgets the keys of a user who is being removed. */
    public void removeOf(UserModel holder) {
        remove(of(holder.getId()).stream().map(KeyRecord::getId).toList());
    }

    /** Forgets the keys of a realm that is being removed. */
    public void removeOf(RealmModel realm) {
        em.flush();
        Stream.of(
                        "delete from LimitRecord l where l.id in (select k.id from KeyRecord k where k.realmId = :realm)",
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
     * Brings the records of a user's keys in step with the keys: with those in the tables, while nobody adds one. The user
     * cache may not know yet what another transaction has just made.
     */
    public void reconcile(RealmModel realm, UserModel holder) {
        lock(holder);
        Map<String, KeyRecord> known =
                of(holder.getId()).stream().collect(Collectors.toMap(KeyRecord::getId, Function.identity()));
        stored(holder.getId()).forEach(key -> {
            if (known.remove(key.getId()) == null) {
                add(realm, holder, key);
            } else {
                update(key);
            }
        });
        remove(known.keySet());
    }

    private List<ApiKeyCredentialModel> stored(String userId) {
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
     * A user who holds keys of which there is no record, because they were imported, say.
     *
     * @param realmId the user's
     */
    public record Holder(String realmId, String userId) {}

    /** Such users of whichever realm, always in the same order. */
    public List<Holder> holdersWithoutRecords(int max) {
        return em.createQuery(
                        "select distinct c.user.realmId, c.user.id from CredentialEntity c where c.type = :type"
                                + " and not exists (select 1 from KeyRecord k where k.id = c.id)"
                                + " order by c.user.realmId, c.user.id",
                        Object[].class)
                .setParameter("type", ApiKeyCredentialModel.TYPE)
                .setMaxResults(max)
                .getResultStream()
                .map(row -> new Holder((String) row[0], (String) row[1]))
                .toList();
    }

    /** What is known of the use of these keys, by their ids. */
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

    /** Of these keys, how many uses are left of their quotas; without those that have not been used since it was set. */
    public Map<String, Long> quotasLeft(Collection<ApiKeyCredentialModel> keys) {
        Map<String, Long> limitsSetAt = keys.stream()
                .filter(key -> key.policy()
                        .filter(policy -> policy.limits().quota() != null)
                        .isPresent())
                .collect(Collectors.toMap(
                        ApiKeyCredentialModel::getId,
                        key -> key.policy().orElseThrow().limits().since()));
        if (limitsSetAt.isEmpty()) {
            return Map.of();
        }
        Map<String, Long> left = new HashMap<>();
        em.createQuery("select l.id, l.setAt, l.quotaLeft from LimitRecord l where l.id in :ids", Object[].class)
                .setParameter("ids", limitsSetAt.keySet())
                .getResultStream()
                .filter(row -> limitsSetAt.get(row[0]).equals(row[1]))
                .forEach(row -> left.put((String) row[0], (Long) row[2]));
        return left;
    }

    boolean isImported(RealmModel realm, KeyHash hash) {
        return importedHolder(realm, hash).isPresent();
    }

    /** The id of the user who holds a key that another system has made. The only look-up by which a key is found. */
    public Optional<String> importedHolder(RealmModel realm, KeyHash hash) {
        return Optional.ofNullable(em.find(ImportedHash.class, new ImportedHash.Key(realm.getId(), hash.hash())))
                .map(ImportedHash::getUserId);
    }

    void addImported(RealmModel realm, KeyHash hash, String keyId, UserModel holder) {
        em.persist(new ImportedHash(realm.getId(), hash.hash(), keyId, holder.getId()));
        em.flush();
        ImportedKeys.areThere(realm);
    }
}
