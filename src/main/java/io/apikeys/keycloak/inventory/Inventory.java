package io.apikeys.keycloak.inventory;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.internals.credential.HolderStorage;
import io.apikeys.keycloak.internals.credential.HolderStorage.UnavailableException;
import io.apikeys.keycloak.usage.KeyRecord;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** Searches the keys of a realm in the database, because there may be many keys of many users. */
public final class Inventory {

    /** The offset from which it pays to count, and to read a page near the end from the end. */
    private static final int FAR = 1_000;

    private static final Logger LOG = Logger.getLogger(Inventory.class);

    private final KeycloakSession session;
    private final RealmModel realm;
    private final EntityManager em;
    private final @Nullable Predicate<UserModel> shown;

    /** Creates an inventory of all keys of the realm. */
    public Inventory(KeycloakSession session, RealmModel realm) {
        this(session, realm, null);
    }

    /**
     * Creates an inventory of the keys whose holders the caller may see. Looks up each holder, which takes time.
     *
     * @param shown null for all
     */
    public Inventory(KeycloakSession session, RealmModel realm, @Nullable Predicate<UserModel> shown) {
        this.session = session;
        this.realm = realm;
        this.shown = shown;
        this.em = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /**
     * The criteria of a search.
     *
     * @param userId the holder's user id
     * @param search a part of the key's name, its hint or the holder's username, ignoring case; or the holder's user id
     * @param expiresBefore selects keys that expire before this
     * @param unusedSince selects keys issued and last used before this
     * @param disabled selects keys that are disabled, or those that are not
     * @param limited selects keys that have limits, or those that have none
     * @param serviceAccount selects keys of service accounts, or those of other users
     */
    public record Filter(
            @Nullable String userId,
            @Nullable String search,
            @Nullable Instant expiresBefore,
            @Nullable Instant unusedSince,
            @Nullable Boolean disabled,
            @Nullable Boolean limited,
            @Nullable Boolean serviceAccount) {}

    /**
     * The order of a list.
     *
     * @param by what the list is sorted by; keys that are equal in this are sorted by their ids
     */
    public record Order(SortKey by, boolean descending) {

        public static final Order NEWEST_FIRST = new Order(SortKey.CREATED_AT, true);

        private String jpql(boolean reversed) {
            String direction = descending == reversed ? "" : " desc";
            return " order by " + by.jpql + direction + ", k.id" + direction;
        }
    }

    /** What a list can be sorted by. A key that never expires ends last, and one that was never used was used first. */
    public enum SortKey {
        CREATED_AT("k.createdAt"),
        NAME("k.searchText"),
        USERNAME("coalesce(k.username, u.username)"),
        EXPIRES_AT("coalesce(k.expiresAt, " + Long.MAX_VALUE + "L)"),
        LAST_USED_AT("coalesce(k.lastUsedAt, 0L)");

        private final String jpql;

        SortKey(String jpql) {
            this.jpql = jpql;
        }
    }

    /**
     * A key of the realm.
     *
     * @param record the record of its use
     * @param username the holder's username; the one last known while the holder's user storage cannot be reached
     */
    public record Entry(ApiKeyCredentialModel key, KeyRecord record, String username) {}

    public long count(Filter filter) {
        if (shown != null) {
            return query("select k.userId, count(k)", filter, null, " group by k.userId", Object[].class)
                    .getResultList()
                    .stream()
                    .filter(row -> isShown((String) row[0]))
                    .mapToLong(row -> (Long) row[1])
                    .sum();
        }
        return query("select count(k)", filter, null, "", Long.class).getSingleResult();
    }

    /** Returns a page of keys without those whose holder is gone from a user storage. */
    public List<Entry> page(Filter filter, Order order, int first, int max) {
        if (max == 0) {
            return List.of();
        }
        List<KeyRecord> records = records(filter, order, first, max);
        Map<String, ApiKeyCredentialModel> keys = credentials(records);
        Map<String, String> usernames = new HolderNames(session, realm).of(records);
        List<Entry> entries = new ArrayList<>();
        for (KeyRecord found : records) {
            ApiKeyCredentialModel key = keys.get(found.getId());
            if (key != null && usernames.containsKey(found.getUserId())) {
                entries.add(new Entry(key, found, usernames.get(found.getUserId())));
            }
        }
        return entries;
    }

    private List<KeyRecord> records(Filter filter, Order order, int first, int max) {
        if (shown != null) {
            return ofShownHolders(filter, order, first, max);
        }
        return first < FAR ? fromStart(filter, order, first, max) : fromNearerEnd(filter, order, first, max);
    }

    /** Skips hidden holders one by one, because the database does not know which users the caller may see. */
    private List<KeyRecord> ofShownHolders(Filter filter, Order order, int first, int max) {
        Map<String, Boolean> known = new HashMap<>();
        List<String> ids =
                query("select k.id, k.userId", filter, order.by(), order.jpql(false), Object[].class)
                        .getResultList()
                        .stream()
                        .filter(row -> known.computeIfAbsent((String) row[1], this::isShown))
                        .skip(first)
                        .limit(max)
                        .map(row -> (String) row[0])
                        .toList();
        Map<String, KeyRecord> records = new KeyRecords(session).find(ids);
        return ids.stream().map(records::get).filter(Objects::nonNull).toList();
    }

    /** Returns whether the caller may see a holder; false if the holder's user storage does not know the holder or is away. */
    private boolean isShown(String userId) {
        try {
            return new HolderStorage(session, realm)
                    .find(userId)
                    .filter(holder -> shown == null || shown.test(holder))
                    .isPresent();
        } catch (UnavailableException notNow) {
            LOG.warnf("Keys are not listed: %s", notNow.getMessage());
            return false;
        }
    }

    private List<KeyRecord> fromStart(Filter filter, Order order, int first, int max) {
        return query("select k", filter, order.by(), order.jpql(false), KeyRecord.class)
                .setFirstResult(first)
                .setMaxResults(max)
                .getResultList();
    }

    private List<KeyRecord> fromNearerEnd(Filter filter, Order order, int first, int max) {
        long total = count(filter);
        long after = total - first - max;
        if (first >= total) {
            return List.of();
        }
        if (after >= first) {
            return fromStart(filter, order, first, max);
        }
        List<KeyRecord> reversed = query("select k", filter, order.by(), order.jpql(true), KeyRecord.class)
                .setFirstResult((int) Math.max(0, after))
                .setMaxResults((int) Math.min(max, total - first))
                .getResultList();
        return reversed.stream().collect(Collectors.collectingAndThen(Collectors.toList(), list -> {
            Collections.reverse(list);
            return list;
        }));
    }

    /** @param end what follows the conditions */
    private <T> TypedQuery<T> query(
            String select, Filter filter, @Nullable SortKey sortKey, String end, Class<T> type) {
        StringBuilder jpql = new StringBuilder(select).append(" from KeyRecord k");
        Map<String, Object> parameters = new HashMap<>();
        if (filter.search() != null || filter.serviceAccount() != null || sortKey == SortKey.USERNAME) {
            jpql.append(" left join UserEntity u on u.id = k.userId");
        }
        jpql.append(" where k.realmId = :realm");
        parameters.put("realm", realm.getId());
        if (filter.userId() != null) {
            jpql.append(" and k.userId = :user");
            parameters.put("user", filter.userId());
        }
        if (filter.search() != null) {
            jpql.append(" and (k.searchText like :part escape '!' or k.username like :part escape '!'"
                    + " or u.username like :lower escape '!' or k.userId = :exactly)");
            parameters.put("part", containing(SearchText.of(filter.search())));
            // As Keycloak stores usernames.
            parameters.put("lower", containing(filter.search().toLowerCase(Locale.ROOT)));
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
        if (filter.disabled() != null) {
            jpql.append(" and k.disabled = :disabled");
            parameters.put("disabled", filter.disabled());
        }
        if (filter.limited() != null) {
            jpql.append(" and k.limited = :limited");
            parameters.put("limited", filter.limited());
        }
        if (filter.serviceAccount() != null) {
            jpql.append(" and u.serviceAccountClientLink is ").append(filter.serviceAccount() ? "not null" : "null");
        }
        TypedQuery<T> query = em.createQuery(jpql.append(end).toString(), type);
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

    private static String containing(String text) {
        return "%" + text.replaceAll("[!%_]", "!$0") + "%";
    }
}
