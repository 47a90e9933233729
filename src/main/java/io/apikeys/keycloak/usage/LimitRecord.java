package io.apikeys.keycloak.usage;

import io.apikeys.keycloak.usage.Limits.Quota;
import io.apikeys.keycloak.usage.Limits.RateLimit;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * What is left of the limits of one key, for all nodes. Times are milliseconds since 1970, by the clock of whichever node
 * looks; a window never comes back, so that clocks that differ move the ends of windows and let nothing through twice.
 */
@Entity
@Table(name = "API_KEY_LIMIT")
public class LimitRecord {

    /** No node takes more than this part of what is left, so that a killed one loses little and others find some. */
    private static final int SHARE = 8;

    @Id
    @Column(name = "ID", length = 36)
    private String id;

    @Column(name = "SET_AT")
    private long setAt;

    @Column(name = "WINDOW_END")
    private long windowEnd;

    @Column(name = "WINDOW_LEFT")
    private long windowLeft;

    @Column(name = "QUOTA_LEFT")
    private long quotaLeft;

    @Column(name = "REFILL_AT")
    private long refillAt;

    protected LimitRecord() {}

    LimitRecord(String keyId, Limits limits, long now) {
        id = keyId;
        reset(limits, now);
    }

    /** When the limits were set that are counted here. */
    long setAt() {
        return setAt;
    }

    /** As of the last look of any node; what nodes have taken and not used yet is not in it. */
    long quotaLeft() {
        return quotaLeft;
    }

    void reset(Limits limits, long now) {
        setAt = limits.since();
        windowEnd = 0;
        windowLeft = 0;
        Quota quota = limits.quota();
        quotaLeft = quota == null ? 0 : quota.remaining();
        refillAt = quota != null && quota.isRefilled() ? now + seconds(quota.refillIntervalSeconds()) : Long.MAX_VALUE;
    }

    /** Moves window and quota on to this moment. */
    void moveTo(long now, Limits limits) {
        RateLimit rate = limits.rateLimit();
        if (rate != null && now >= windowEnd) {
            windowEnd = now + seconds(rate.windowSeconds());
            windowLeft = rate.max();
        }
        Quota quota = limits.quota();
        if (quota != null && now >= refillAt) {
            long interval = seconds(quota.refillIntervalSeconds());
            refillAt += interval * ((now - refillAt) / interval + 1);
            quotaLeft = Math.max(quotaLeft, quota.refillAmount());
        }
    }

    /** Takes back what a node has not used, if it was taken from this very window and filling. */
    void putBack(Lease lease) {
        if (lease.setAt() != setAt) {
            return;
        }
        if (lease.windowEnd() == windowEnd) {
            windowLeft += lease.left();
        }
        if (lease.refillAt() == refillAt) {
            quotaLeft += lease.left();
        }
    }

    /** Gives a node some uses that it may let through without asking again; none if there are none. */
    Lease take(long wanted, Limits limits, long until) {
        long fromWindow = limits.rateLimit() == null ? Long.MAX_VALUE : windowLeft;
        long fromQuota = limits.quota() == null ? Long.MAX_VALUE : quotaLeft;
        long left = Math.min(fromWindow, fromQuota);
        long taken = Math.max(0, Math.min(left, Math.min(wanted, Math.max(1, left / SHARE))));
        windowLeft -= limits.rateLimit() == null ? 0 : taken;
        quotaLeft -= limits.quota() == null ? 0 : taken;
        long end = limits.rateLimit() == null ? Long.MAX_VALUE : windowEnd;
        return new Lease(
                taken, Math.min(until, Math.min(end, refillAt)), setAt, windowEnd, windowLeft, refillAt, quotaLeft);
    }

    private static long seconds(long seconds) {
        return Math.multiplyExact(seconds, 1000L);
    }
}
