package io.apikeys.keycloak.limit;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.ModelException;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Enforces the limits of keys; all nodes together never allow more uses than the limits. A node takes a {@link Lease}
 * of a few uses from the database and counts them locally: the busier the key, the larger the lease, but never more
 * than a share of the uses left, so that the last ones are taken one by one. Unused uses are put back after
 * {@link #LEASE_MILLIS}. The unused uses of a killed node are lost; none is allowed twice.
 */
public final class KeyLimits {

    private static final Logger LOG = Logger.getLogger(KeyLimits.class);

    private static final long LEASE_MILLIS = 2_000;
    private static final long LONGEST_LEASE = 1_024;

    /** How long a node assumes that no use is left, or that the database cannot be reached. */
    private static final long PAUSE_MILLIS = 250;

    private final KeycloakSessionFactory factory;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    public KeyLimits(KeycloakSessionFactory factory) {
        this.factory = factory;
    }

    /**
     * Counts a use if one is left.
     *
     * @throws ModelException if the limits cannot be checked; the key must be refused then
     */
    public Allowance use(String line, Limits limits) {
        while (true) {
            Optional<Allowance> answer =
                    counters.computeIfAbsent(line, Counter::new).use(limits);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
    }

    /** Takes back a use that was counted but not made. */
    public void unuse(String line, Allowance.Granted granted) {
        Counter counter = counters.get(line);
        if (counter != null) {
            counter.unuse(granted.lease());
        }
    }

    /** Puts back the unused uses of expired leases, and forgets idle keys. */
    public void putBackLeftOvers() {
        // Keycloak's timer has one thread, which an unreachable database must not delay for every key.
        for (Counter counter : counters.values()) {
            if (!counter.rest()) {
                LOG.trace("Unused uses were only partly put back");
                return;
            }
        }
        LOG.trace("Unused uses were put back");
    }

    /** Puts back all unused uses, because this node stops. */
    public void close() {
        counters.values().forEach(Counter::close);
    }

    /** The uses of one line of keys on this node. */
    private final class Counter {

        private final String line;
        private @Nullable Lease lease;
        private @Nullable Allowance refusal;
        private @Nullable ModelException failure;
        private long pauseUntil;
        private boolean closed;

        Counter(String line) {
            this.line = line;
        }

        /** Counts a use if one is left; returns empty if this counter is closed. */
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
                if (refusal != null && now < pauseUntil) {
                    return Optional.of(refusal);
                }
            }
            refuseWhilePaused(now);
            return Optional.of(take(limits, now));
        }

        private void refuseWhilePaused(long now) {
            if (failure != null && now < pauseUntil) {
                throw new ModelException("The limits of a key could not be read a moment ago", failure);
            }
        }

        private Allowance take(Limits limits, long now) {
            long wanted = lease != null && !lease.isOver(now) && lease.left() == 0
                    ? Math.min(Math.max(1, lease.taken() * 2), LONGEST_LEASE)
                    : 1;
            // Cleared before it is put back: if the outcome is unknown, it must not be put back again.
            Optional<Lease> leftOver = Optional.ofNullable(lease).filter(before -> before.left() > 0);
            lease = null;
            try {
                lease = leased(limits, now, wanted, leftOver);
                failure = null;
            } catch (ModelException | PersistenceException unreachable) {
                failure = new ModelException("The limits of a key could not be read", unreachable);
                pauseUntil = System.currentTimeMillis() + PAUSE_MILLIS;
                throw failure;
            }
            if (lease.use(now)) {
                // An earlier refusal may have been by limits that have been replaced since.
                pauseUntil = 0;
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
                LOG.debugf(
                        "The limits of line %s are read again after %s",
                        line, perhapsMadeByAnotherNodeMeanwhile.getClass());
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
                            session.getProvider(JpaConnectionProvider.class).getEntityManager(), line)));
        }

        synchronized void unuse(Lease granted) {
            if (lease == granted) {
                granted.unuse();
            }
        }

        /** Closes this counter unless its lease is running; returns false if the database cannot be reached. */
        synchronized boolean rest() {
            return (lease != null && !lease.isOver(System.currentTimeMillis())) || close();
        }

        /** Puts back the unused uses; returns false if the database cannot be reached. */
        synchronized boolean close() {
            closed = true;
            counters.remove(line, this);
            Lease leftOver = lease;
            if (leftOver == null || leftOver.left() == 0) {
                return true;
            }
            try {
                inTransaction(row -> {
                    row.existing().ifPresent(record -> record.putBack(leftOver));
                    return leftOver;
                });
                return true;
            } catch (ModelException | PersistenceException unreachable) {
                LOG.warnf("%d uses of line %s are lost: %s", leftOver.left(), line, unreachable.getMessage());
                return false;
            }
        }
    }

    /** The locked row of one line. */
    private record Row(EntityManager em, String line) {

        Optional<LimitRecord> existing() {
            return Optional.ofNullable(em.find(LimitRecord.class, line, LockModeType.PESSIMISTIC_WRITE));
        }

        /**
         * Returns the row that counts these limits, created or reset if necessary.
         *
         * @throws ModelException if the row counts later limits, unknown to this node
         */
        LimitRecord of(Limits limits, long now) {
            Optional<LimitRecord> existing = existing();
            if (existing.isEmpty()) {
                LimitRecord made = new LimitRecord(line, limits, now);
                em.persist(made);
                em.flush();
                return made;
            }
            if (existing.get().setAt() > limits.since()) {
                throw new ModelException("The limits of line " + line + " have been changed");
            }
            if (existing.get().setAt() < limits.since()) {
                existing.get().reset(limits, now);
            }
            return existing.get();
        }
    }
}
