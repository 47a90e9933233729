package io.apikeys.keycloak.limit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often a key may be used. A part that is null sets no limit.
 *
 * @param since when these limits were set, in milliseconds since 1970; older counters are ignored. 0 if there is no
 *     limit
 * @param line the id that is common to all keys that count together: a key, its successors, and keys that its holder
 *     has issued beside it. Null in data written before there were lines; the key then counts alone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Limits(
        @Nullable RateLimit rateLimit,
        @Nullable Quota quota,
        long since,
        @Nullable String line) {

    public static final Limits NONE = new Limits(null, null, 0, null);

    private static final long DAY_SECONDS = 86_400;

    /**
     * At most {@code max} uses in a window, which begins with the first use after the previous window has ended.
     *
     * @param windowSeconds the length of a window
     */
    public record RateLimit(long max, long windowSeconds) {

        private long inADay() {
            return max * ((DAY_SECONDS + windowSeconds - 1) / windowSeconds);
        }
    }

    /**
     * A number of uses, which may be refilled.
     *
     * @param remaining the uses left when the limits were set
     * @param refillAmount the number of uses up to which each refill fills the quota; null for no refills
     * @param refillIntervalSeconds the time between two refills; null for no refills
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Quota(
            long remaining,
            @Nullable Long refillAmount,
            @Nullable Long refillIntervalSeconds) {

        boolean isRefilled() {
            return refillAmount != null;
        }

        /** Returns the refills; empty if there are none. */
        Optional<Refill> refill() {
            return refillAmount == null
                    ? Optional.empty()
                    : Optional.of(new Refill(refillAmount, Objects.requireNonNull(refillIntervalSeconds)));
        }

        private long inADay() {
            return remaining
                    + refill().map(each -> each.amount() * (DAY_SECONDS / each.intervalSeconds()))
                            .orElse(0L);
        }
    }

    /**
     * How a quota is refilled.
     *
     * @param amount the number of uses up to which it is filled
     * @param intervalSeconds the time between two refills
     */
    record Refill(long amount, long intervalSeconds) {}

    @JsonIgnore
    public boolean isNone() {
        return rateLimit == null && quota == null;
    }

    /** Returns the line, which the limits of every stored key have. */
    public String knownLine() {
        return Objects.requireNonNull(line);
    }

    /** Returns these limits, counted together with the keys of a line. */
    public Limits countedIn(@Nullable String ofLine) {
        return new Limits(rateLimit, quota, since, ofLine);
    }

    /**
     * Returns these limits as the successor of others: in the same line, and with a new count, whichever node's clock
     * set them.
     */
    public Limits replacing(Limits before) {
        return new Limits(rateLimit, quota, Math.max(since, before.since + 1), before.line);
    }

    /** Returns these limits with another number of uses left of the quota, if there is one. */
    public Limits withQuotaLeft(long left) {
        return quota == null
                ? this
                : new Limits(
                        rateLimit, new Quota(left, quota.refillAmount(), quota.refillIntervalSeconds()), since, line);
    }

    /** Returns whether keys with these limits count together with keys with the others. */
    public boolean isCountedWith(Limits other) {
        return line != null && line.equals(other.line);
    }

    /** Returns the number of uses allowed on the first day, by which limits are compared. */
    public long usesInADay() {
        return Math.min(
                rateLimit == null ? Long.MAX_VALUE : rateLimit.inADay(),
                quota == null ? Long.MAX_VALUE : quota.inADay());
    }
}
