package io.apikeys.keycloak.limit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apikeys.keycloak.limit.Limits.Quota;
import io.apikeys.keycloak.limit.Limits.RateLimit;
import io.apikeys.keycloak.limit.Limits.Refill;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.ModelException;

/**
 * The uses left under the limits of a line of keys, for all nodes, and the holder to whom the limits apply. Times are
 * in milliseconds since 1970, by the clock of the node that reads them; a window never reopens, so differing clocks
 * move the ends of windows but allow no use twice.
 */
@Entity
@Table(name = "API_KEY_LIMIT")
public class LimitRecord {

    /**
     * A node takes at most one part in this many of the uses left, so that a killed node loses few and other nodes find
     * some.
     */
    private static final int SHARE = 8;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    @Id
    @Column(name = "ID", length = 36)
    private String id;

    @Column(name = "REALM_ID", length = 36)
    private @Nullable String realmId;

    @Column(name = "USER_ID")
    private @Nullable String userId;

    @Column(name = "LIMITS", length = 512)
    private @Nullable String limits;

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

    /** Creates the record of limits without a holder, for an imported key that is used before its own record exists. */
    LimitRecord(String line, Limits limits, long now) {
        id = line;
        reset(limits, now);
    }

    /** Creates the record of unused limits that apply to a holder. */
    LimitRecord(String realmId, String userId, Limits limits) {
        this.id = limits.knownLine();
        this.realmId = realmId;
        this.userId = userId;
        this.limits = written(limits);
    }

    static String written(Limits limits) {
        try {
            return JSON.writeValueAsString(limits);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns the limits as set. */
    Limits limits() {
        try {
            return JSON.readValue(limits, Limits.class);
        } catch (JsonProcessingException unreadable) {
            throw new ModelException("The limits of line " + id + " cannot be read", unreadable);
        }
    }

    /** Returns when the counted limits were set. */
    long setAt() {
        return setAt;
    }

    /** Returns the quota left when a node last looked, without uses that nodes have leased. */
    long quotaLeft() {
        return quotaLeft;
    }

    void reset(Limits limits, long now) {
        setAt = limits.since();
        windowEnd = 0;
        windowLeft = 0;
        Quota quota = limits.quota();
        quotaLeft = quota == null ? 0 : quota.remaining();
        refillAt = Optional.ofNullable(quota)
                .flatMap(Quota::refill)
                .map(refill -> now + seconds(refill.intervalSeconds()))
                .orElse(Long.MAX_VALUE);
    }

    /** Advances the window and the quota to this moment. */
    void moveTo(long now, Limits limits) {
        RateLimit rate = limits.rateLimit();
        if (rate != null && now >= windowEnd) {
            windowEnd = now + seconds(rate.windowSeconds());
            windowLeft = rate.max();
        }
        Quota quota = limits.quota();
        if (quota != null && now >= refillAt) {
            Refill refill = quota.refill().orElseThrow();
            long interval = seconds(refill.intervalSeconds());
            refillAt += interval * ((now - refillAt) / interval + 1);
            quotaLeft = Math.max(quotaLeft, refill.amount());
        }
    }

    /** Puts back the unused uses of a lease, if it was taken from the current window and quota. */
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

    /** Leases some uses to a node, which may allow them without asking again; leases none if none are left. */
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
