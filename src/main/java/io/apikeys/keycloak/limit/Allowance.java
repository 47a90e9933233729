package io.apikeys.keycloak.limit;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Whether the limits of a key allow one more use. */
public sealed interface Allowance {

    /** The allowance of a key without limits. */
    Unlimited UNLIMITED = new Unlimited();

    record Unlimited() implements Allowance {}

    /** One use has been counted. */
    final class Granted extends Counted {
        private final Lease lease;

        Granted(Limits limits, Lease lease, long now) {
            super(limits, lease, now);
            this.lease = lease;
        }

        Lease lease() {
            return lease;
        }
    }

    /** No use is left, and none has been counted. */
    final class Exhausted extends Counted {
        Exhausted(Limits limits, Lease lease, long now) {
            super(limits, lease, now);
        }

        /** Returns whether the quota is used up, rather than the rate limit. */
        public boolean isOfQuota() {
            return limits.quota() != null && quotaLeft == 0;
        }

        /** Returns the seconds until a use is available again; empty for never. */
        public OptionalLong retryAfterSeconds() {
            long wait = Math.max(
                    limits.rateLimit() != null && windowLeft == 0 ? windowEnd - now : 0,
                    limits.quota() != null && quotaLeft == 0
                            ? (limits.quota().isRefilled() ? refillAt - now : Long.MAX_VALUE)
                            : 0);
            return wait == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(Math.max(1, roundedUp(wait)));
        }
    }

    /** The uses left under limits, as known to this node. */
    abstract sealed class Counted implements Allowance {

        final Limits limits;
        final long now;
        final long windowLeft;
        final long windowEnd;
        final long quotaLeft;
        final long refillAt;

        private Counted(Limits limits, Lease lease, long now) {
            this.limits = limits;
            this.now = now;
            this.windowLeft = lease.windowLeft();
            this.windowEnd = lease.windowEnd();
            this.quotaLeft = lease.quotaLeft();
            this.refillAt = lease.refillAt();
        }

        /**
         * Returns the value of header {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers-10, section 3).
         */
        public String policyField() {
            return joined(
                    rate(rate -> String.format(Locale.ROOT, "\"rate\";q=%d;w=%d", rate.max(), rate.windowSeconds())),
                    quota(quota -> quota.isRefilled()
                            ? String.format(
                                    Locale.ROOT,
                                    "\"quota\";q=%d;w=%d",
                                    quota.refillAmount(),
                                    quota.refillIntervalSeconds())
                            : String.format(Locale.ROOT, "\"quota\";q=%d", quota.remaining())));
        }

        /** Returns the value of header {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers-10, section 4). */
        public String stateField() {
            return joined(
                    rate(rate -> String.format(
                            Locale.ROOT, "\"rate\";r=%d;t=%d", windowLeft, Math.max(0, roundedUp(windowEnd - now)))),
                    quota(quota -> String.format(Locale.ROOT, "\"quota\";r=%d", quotaLeft)
                            + (quota.isRefilled() ? ";t=" + Math.max(0, roundedUp(refillAt - now)) : "")));
        }

        private Optional<String> rate(Function<Limits.RateLimit, String> text) {
            return Optional.ofNullable(limits.rateLimit()).map(text);
        }

        private Optional<String> quota(Function<Limits.Quota, String> text) {
            return Optional.ofNullable(limits.quota()).map(text);
        }

        private static String joined(Optional<String> rate, Optional<String> quota) {
            return rate.map(first -> quota.map(second -> first + ", " + second).orElse(first))
                    .or(() -> quota)
                    .orElse("");
        }

        static long roundedUp(long millis) {
            return Math.floorDiv(millis + 999, 1000L);
        }
    }
}
