package io.apikeys.keycloak.usage;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.ModelException;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * The uses of keys on this node that are not written yet. Collected in memory and written periodically, many in a
 * transaction; uses that cannot be written are kept for the next time. No request waits for a write, and none fails
 * because of it.
 */
final class LastUses {

    private static final Logger LOG = Logger.getLogger(LastUses.class);

    private static final int IN_A_TRANSACTION = 500;

    private final KeycloakSessionFactory factory;
    private final Map<String, Use> uses = new ConcurrentHashMap<>();

    LastUses(KeycloakSessionFactory factory) {
        this.factory = factory;
    }

    /** @param at milliseconds since 1970 */
    private record Use(String keyId, long at, String address, String door, long count) {

        Use and(Use other) {
            Use later = other.at >= at ? other : this;
            return new Use(keyId, later.at, later.address, later.door, count + other.count);
        }
    }

    void add(String keyId, long at, String address, String door) {
        add(new Use(keyId, at, address, door, 1));
    }

    private void add(Use use) {
        uses.merge(use.keyId(), use, Use::and);
    }

    /** Writes the uses collected so far. Does not throw. */
    synchronized void write() {
        List<Use> due = new ArrayList<>();
        uses.keySet().forEach(keyId -> due.add(uses.remove(keyId)));
        // In a fixed order, so that nodes that write at once cannot deadlock.
        due.sort(Comparator.comparing(Use::keyId));
        boolean reachable = true;
        for (int from = 0; from < due.size(); from += IN_A_TRANSACTION) {
            List<Use> some = due.subList(from, Math.min(due.size(), from + IN_A_TRANSACTION));
            if (!reachable) {
                some.forEach(this::add);
                continue;
            }
            try {
                KeycloakModelUtils.runJobInTransaction(factory, session -> {
                    EntityManager em =
                            session.getProvider(JpaConnectionProvider.class).getEntityManager();
                    some.forEach(use -> write(use, em));
                });
            } catch (ModelException | PersistenceException | IllegalStateException unreachable) {
                LOG.warnf(
                        "The last use of %d keys could not be written and will be later: %s", some.size(), unreachable);
                some.forEach(this::add);
                reachable = false;
            }
        }
    }

    private static void write(Use use, EntityManager em) {
        em.createQuery("update KeyRecord k set k.useCount = k.useCount + :count where k.id = :id")
                .setParameter("count", use.count())
                .setParameter("id", use.keyId())
                .executeUpdate();
        em.createQuery("update KeyRecord k set k.lastUsedAt = :at, k.lastUsedAddress = :address, k.lastUsedDoor = :door"
                        + " where k.id = :id and (k.lastUsedAt is null or k.lastUsedAt <= :at)")
                .setParameter("at", use.at())
                .setParameter("address", use.address())
                .setParameter("door", use.door())
                .setParameter("id", use.keyId())
                .executeUpdate();
    }
}
