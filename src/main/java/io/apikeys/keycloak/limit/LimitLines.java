package io.apikeys.keycloak.limit;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Objects;

/**
 * The limits that administrators have set for a holder: a row for each line of keys that count together. A row outlives
 * the keys of its line, so that a holder cannot drop limits by revoking a key. To be used under the holder's lock.
 */
public final class LimitLines {

    private final EntityManager em;

    public LimitLines(EntityManager em) {
        this.em = em;
    }

    /** Returns all limits that apply to a holder, locked until this transaction ends. */
    public List<Limits> of(String holderId) {
        return ids(holderId).stream()
                // One by one and in a fixed order, so that two transactions cannot deadlock.
                .map(line -> em.find(LimitRecord.class, line, LockModeType.PESSIMISTIC_WRITE))
                .filter(Objects::nonNull)
                .map(LimitRecord::limits)
                .toList();
    }

    /** Returns the lines whose limits apply to a holder. */
    public List<String> ids(String holderId) {
        return em.createQuery("select l.id from LimitRecord l where l.userId = :user order by l.id", String.class)
                .setParameter("user", holderId)
                .getResultList();
    }

    /** Returns whether a line belongs to another holder, from whose export its name has been copied. */
    public boolean isOfAnother(String holderId, String line) {
        return !em.createQuery("select l.id from LimitRecord l where l.id = :line and l.userId <> :user", String.class)
                .setParameter("line", line)
                .setParameter("user", holderId)
                .getResultList()
                .isEmpty();
    }

    /** Applies new limits to a holder. */
    public void begin(String realmId, String holderId, Limits limits) {
        em.persist(new LimitRecord(realmId, holderId, limits));
    }

    /**
     * Applies limits to the holder of their line, in place of any earlier ones. A line of another holder, whose name
     * came with an import, is not changed.
     */
    public void set(String realmId, String holderId, Limits limits) {
        int changed = em.createQuery("update LimitRecord l set l.realmId = :realm, l.userId = :user, l.limits = :limits"
                        + " where l.id = :line and (l.userId is null or l.userId = :user)")
                .setParameter("realm", realmId)
                .setParameter("user", holderId)
                .setParameter("limits", LimitRecord.written(limits))
                .setParameter("line", limits.knownLine())
                .executeUpdate();
        if (changed == 0 && em.find(LimitRecord.class, limits.knownLine()) == null) {
            begin(realmId, holderId, limits);
        }
    }

    /** Removes the limits of a line from a holder. */
    public void lift(String holderId, String line) {
        em.createQuery("delete from LimitRecord l where l.id = :line and (l.userId is null or l.userId = :user)")
                .setParameter("line", line)
                .setParameter("user", holderId)
                .executeUpdate();
    }

    /** Removes all limits from a holder. */
    public void liftAll(String holderId) {
        em.createQuery("delete from LimitRecord l where l.userId = :user")
                .setParameter("user", holderId)
                .executeUpdate();
    }
}
