package io.apikeys.keycloak.credential;

import io.apikeys.keycloak.usage.KeyRecord;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** The keys of a realm, searched in the tables: there may be many, of many users. */
public final class Inventory {

    /** From here on it pays to count, and to read a page near the end from the end. */
    private static final int FAR = 1_000;

    private final KeycloakSession session;
    private final RealmModel realm;
    private final EntityManager em;

    public Inventory(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
        this.em = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /**
     * What is asked for; every part may be null.
     *
     * @param userId of the holder
     * @param search a part of the key's name, its hint or the holder's username, whatever the case; or the holder's user id
     * @param expiresBefore with an end, which is before this
     * @param unusedSince made and last used before this
     */
    public record Filter(String userId, String search, Instant expiresBefore, Instant unusedSince) {}

    /**
     * A key of the realm.
     *
     * @param record what is known of its use
     * @param username null if the holder is of a user storage that does not know them any more
     */
    public record Entry(ApiKeyCredentialModel key, KeyRecord record, String username) {}

    public long count(Filter filter) {
        return query("select count(k)", filter, "", Long.class).getSingleResult();
    }

    /** A page of keys, newest first. */
    public List<Entry> page(Filter filter, int first, int max) {
        if (max == 0) {
            return List.of();
        }
        List<KeyRecord> records = first < FAR ? fromStart(filter, first, max) : fromNearerEnd(filter, first, max);
        Map<String, ApiKeyCredentialModel> keys = credentials(records);
        Map<String, String> usernames = usernames(records);
        return records.stream()
                .filter(found -> keys.containsKey(found.getId()))
                .map(found -> new Entry(keys.get(found.getId()), found, usernames.get(found.getUserId())))
                .toList();
    }

    private List<KeyRecord> fromStart(Filter filter, int first, int max) {
        return query("select k", filter, " order by k.createdAt desc, k.id desc", KeyRecord.class)
                .setFirstResult(first)
                .setMaxResults(max)
                .getResultList();
    }

    private List<KeyRecord> fromNearerEnd(Filter filter, int first, int max) {
        long total = count(filter);
        long after = total - first - max;
        if (first >= total) {
            return List.of();
        }
        if (after >= first) {
            return fromStart(filter, first, max);
        }
        List<KeyRecord> reversed = query("select k", filter, " order by k.createdAt, k.id", KeyRecord.class)
                .setFirstResult((int) Math.max(0, after))
                .setMaxResults((int) Math.min(max, total - first))
                .getResultList();
        return reversed.stream().collect(Collectors.collectingAndThen(Collectors.toList(), list -> {
            Collections.reverse(list);
            return list;
        }));
    }

    private <T> TypedQuery<T> query(String select, Filter filter, String order, Class<T> type) {
        StringBuilder jpql = new StringBuilder(select).append(" from KeyRecord k");
        Map<String, Object> parameters = new HashMap<>();
        if (filter.search() != null) {
            jpql.append(" left join CredentialEntity c on c.id = k.id"
                    + " left join FederatedUserCredentialEntity f on f.id = k.id"
                    + " left join UserEntity u on u.id = k.userId");
        }
        jpql.append(" where k.realmId = :realm");
        parameters.put("realm", realm.getId());
        if (filter.userId() != null) {
            jpql.append(" and k.userId = :user");
            parameters.put("user", filter.userId());
        }
        if (filter.search() != null) {
            jpql.append(" and (lower(c.userLabel) like :part escape '!' or lower(f.userLabel) like :part escape '!'"
                    + " or lower(k.hint) like :part escape '!' or u.username like :part escape '!'"
                    + " or k.userId = :exactly)");
            parameters.put(
                    "part", "%" + filter.search().toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%");
            parameters.put("exactly", filter.search());
        }
        if (filter.expiresBefore() != null) {
            jpql.append(" and k.expiresAt < :end");
            parameters.put("end", filter.expiresBefore().toEpochMilli());
        }
        if (filter.unusedSince() != null) {
            jpql.append(" and k.createdAt < :since and (k.lastUsedAt is null or k.lastUsedAt < :since)");
            parameters.put("since", filter.unusedSince().toEpochMilli());
        }
        TypedQuery<T> query = em.createQuery(jpql.append(order).toString(), type);
        parameters.forEach(query::setParameter);
        return query;
    }

    private Map<String, ApiKeyCredentialModel> credentials(List<KeyRecord> records) {
        Map<String, ApiKeyCredentialModel> keys = new LinkedHashMap<>();
        List<String> ids = records.stream().map(KeyRecord::getId).toList();
        for (String entity : List.of("CredentialEntity", "FederatedUserCredentialEntity")) {
            List<String> missing =
                    ids.stream().filter(id -> !keys.containsKey(id)).toList();
            if (!missing.isEmpty()) {
                em.createQuery(
                                "select c.id, c.userLabel, c.createdDate, c.credentialData from " + entity
                                        + " c where c.id in :ids",
                                Object[].class)
                        .setParameter("ids", missing)
                        .getResultStream()
                        .map(ApiKeyCredentialModel::withoutSecretData)
                        .forEach(key -> keys.put(key.getId(), key));
            }
        }
        return keys;
    }

    private Map<String, String> usernames(Collection<KeyRecord> records) {
        List<String> ids = records.stream().map(KeyRecord::getUserId).distinct().toList();
        Map<String, String> names = new HashMap<>();
        if (!ids.isEmpty()) {
            em.createQuery("select u.id, u.username from UserEntity u where u.id in :ids", Object[].class)
                    .setParameter("ids", ids)
                    .getResultStream()
                    .forEach(row -> names.put((String) row[0], (String) row[1]));
        }
        Stream<String> ofUserStorages = ids.stream().filter(id -> !names.containsKey(id));
        ofUserStorages.forEach(id -> {
            UserModel user = session.users().getUserById(realm, id);
            if (user != null) {
                names.put(id, user.getUsername());
            }
        });
        return names;
    }
}
