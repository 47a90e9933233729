package io.apikeys.keycloak.usage;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.ModelException;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Holds keys to their limits, on all nodes together never one use above. A node takes a {@link Lease} of a few uses from
 * the database and counts those by itself: the busier the key, the longer the lease, but never more than a part of what is
 * left, so that towards the end each use is asked for. What it has not used after {@link #LEASE_MILLIS} it puts back. A
 * killed node takes its lease along: those uses are lost, none is let through twice.
 */
final class KeyLimits {

    private static final Logger LOG = Logger.getLogger(KeyLimits.class);

    private static final long LEASE_MILLIS = 2_000;
    private static final long LONGEST_LEASE = 1_024;

    /** For how long a node believes that there is nothing left, or that the database cannot be reached. */
    private static final long PAUSE_MILLIS = 250;

    private final KeycloakSessionFactory factory;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    KeyLimits(KeycloakSessionFactory factory) {
        this.factory = factory;
    }

    /**
     * Counts a use if there is one left.
     *
     * @throws ModelException if that cannot be found out; the key must not be accepted then
     */
    Allowance use(String keyId, Limits limits) {
        while (true) {
            Optional<Allowance> answer =
                    counters.computeIfAbsent(keyId, Counter::new).use(limits);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
    }

    /** Takes back a use that was not made in the end. */
    void unuse(String keyId, Allowance.Granted granted) {
        Counter counter = counters.get(keyId);
        if (counter != null) {
            counter.unuse(granted.lease());
        }
    }

    /** Puts back what has been taken and not been used in time, and forgets keys that are at rest. */
    void putBackLeftOvers() {
        // Keycloak's timer has one thread: a database that is away must not hold it up key by key.
        boolean unreachable = counters.values().stream().anyMatch(counter -> !counter.rest());
        LOG.tracef("Left-overs were put back%s", unreachable ? " in part" : "");
    }

    /** Puts back everything, because this node stops. */
    void close() {
        counters.values().forEach(Counter::close);
    }

    /** The uses of one key on this node. */
    private final class Counter {

        private final String keyId;
        private Lease lease;
        private Allowance refusal;
        private ModelException failure;
        private long pauseUntil;
        private boolean closed;

        Counter(String keyId) {
            this.keyId = keyId;
        }

        /** Nothing if this counter has been forgotten meanwhile. */
        synchronized Optional<Allowance> use(Limits limits) {
            if (closed) {
                return Optional.empty();
            }
            long now = System.currentTimeMillis();
            if (lease != null && lease.setAt() == limits.since()) {
                if (lease.use(now)) {
                    return Optional.of(new Allowance.Granted(limits, lease, now));
                }
                refuseWhilePaused(now);
                if (now < pauseUntil) {
                    return Optional.of(refusal);
                }
            }
            refuseWhilePaused(now);
            return Optional.of(take(limits, now));
        }

        private void refuseWhilePaused(long now) {
            if (failure != null && now < pauseUntil) {
                throw new ModelException("The limits of a key could not be looked at a moment ago", failure);
            }
        }

        private Allowance take(Limits limits, long now) {
            boolean usedUp = lease != null && !lease.isOver(now) && lease.left() == 0;
            long wanted = usedUp ? Math.min(Math.max(1, lease.taken() * 2), LONGEST_LEASE) : 1;
            // Forgotten before it is put back: who does not learn whether that was written must not do it again.
            Optional<Lease> leftOver = Optional.ofNullable(lease).filter(before -> before.left() > 0);
            lease = null;
            try {
                lease = leased(limits, now, wanted, leftOver);
                failure = null;
            } catch (ModelException | PersistenceException unreachable) {
                failure = new ModelException("The limits of a key could not be looked at", unreachable);
                pauseUntil = System.currentTimeMillis() + PAUSE_MILLIS;
                throw failure;
            }
            if (lease.use(now)) {
                return new Allowance.Granted(limits, lease, now);
            }
            pauseUntil = now + PAUSE_MILLIS;
            refusal = new Allowance.Exhausted(limits, lease, now);
            return refusal;
        }

        private Lease leased(Limits limits, long now, long wanted, Optional<Lease> leftOver) {
            try {
                return inTransaction(row -> lease(row, limits, now, wanted, leftOver));
            } catch (ModelException | PersistenceException perhapsMadeByAnotherNodeMeanwhile) {
                LOG.debugf("Limits of key %s, again: %s", keyId, perhapsMadeByAnotherNodeMeanwhile.getClass());
                return inTransaction(row -> lease(row, limits, now, wanted, Optional.empty()));
            }
        }

        private static Lease lease(Row row, Limits limits, long now, long wanted, Optional<Lease> leftOver) {
            LimitRecord current = row.of(limits, now);
            leftOver.ifPresent(current::putBack);
            current.moveTo(now, limits);
            return current.take(wanted, limits, now + LEASE_MILLIS);
        }

        private Lease inTransaction(Function<Row, Lease> change) {
            return KeycloakModelUtils.runJobInTransactionWithResult(
                    factory,
                    session -> change.apply(new Row(
                            session.getProvider(JpaConnectionProvider.class).getEntityManager(), keyId)));
        }

        synchronized void unuse(Lease granted) {
            if (lease == granted) {
                lease.unuse();
            }
        }

        /** Answers false if the database cannot be reached. */
        synchronized boolean rest() {
            return (lease != null && !lease.isOver(System.currentTimeMillis())) || close();
        }

        /** Answers false if the database cannot be reached. */
        synchronized boolean close() {
            closed = true;
            counters.remove(keyId, this);
            if (lease == null || lease.left() == 0) {
                return true;
            }
            try {
                inTransaction(row -> {
                    row.existing().ifPresent(record -> record.putBack(lease));
                    return lease;
                });
                return true;
            } catch (ModelException | PersistenceException unreachable) {
                LOG.warnf("%d uses of key %s are lost: %s", lease.left(), keyId, unreachable.getMessage());
                return false;
            }
        }
    }

    /** The row of one key, locked. */
    private record Row(EntityManager em, String keyId) {

        Optional<LimitRecord> existing() {
            return Optional.ofNullable(em.find(LimitRecord.class, keyId, LockModeType.PESSIMISTIC_WRITE));
        }

        /** Counting these limits, unless it counts some that were set later and that this node does not know of yet. */
        LimitRecord of(Limits limits, long now) {
            Optional<LimitRecord> existing = existing();
            if (existing.isEmpty()) {
                LimitRecord made = new LimitRecord(keyId, limits, now);
                em.persist(made);
                em.flush();
                return made;
            }
            if (existing.get().setAt() > limits.since()) {
                throw new ModelException("The limits of key " + keyId + " have been changed");
            }
            if (existing.get().setAt() < limits.since()) {
                existing.get().reset(limits, now);
            }
            return existing.get();
        }
    }
}
