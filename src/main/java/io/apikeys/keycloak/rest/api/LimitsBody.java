package io.apikeys.keycloak.rest.api;

import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.limit.Limits.Quota;
import io.apikeys.keycloak.limit.Limits.RateLimit;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads field {@code limits} of a request. Limits that are set start with a new count. */
final class LimitsBody {

    private static final String FIELD = KeyField.LIMITS.json();
    private static final String QUOTA = "quota";
    private static final String RATE_LIMIT = "rateLimit";
    private static final String REFILL_AMOUNT = "refillAmount";
    private static final String REFILL_INTERVAL = "refillIntervalSeconds";

    private static final long MOST_USES = 1_000_000_000_000L;
    private static final long LONGEST_SECONDS = 10L * 366 * 86_400;

    private LimitsBody() {}

    /** Returns the limits; null if the field is absent, {@link Limits#NONE} if it is null. */
    static @Nullable Limits in(JsonBody body) {
        if (!body.has(FIELD)) {
            return null;
        }
        JsonBody parts = body.object(FIELD, Set.of(RATE_LIMIT, QUOTA));
        if (parts == null) {
            return Limits.NONE;
        }
        RateLimit rate = rateLimit(parts.object(RATE_LIMIT, Set.of("max", "windowSeconds")));
        Quota quota = quota(parts.object(QUOTA, Set.of("remaining", REFILL_AMOUNT, REFILL_INTERVAL)));
        return rate == null && quota == null ? Limits.NONE : new Limits(rate, quota, System.currentTimeMillis(), null);
    }

    private static @Nullable RateLimit rateLimit(@Nullable JsonBody rate) {
        return rate == null
                ? null
                : new RateLimit(rate.required("max", 1, MOST_USES), rate.required("windowSeconds", 1, LONGEST_SECONDS));
    }

    private static @Nullable Quota quota(@Nullable JsonBody quota) {
        if (quota == null) {
            return null;
        }
        long remaining = quota.required("remaining", 0, MOST_USES);
        if (!quota.has(REFILL_AMOUNT) && !quota.has(REFILL_INTERVAL)) {
            return new Quota(remaining, null, null);
        }
        return new Quota(
                remaining,
                quota.required(REFILL_AMOUNT, 1, MOST_USES),
                quota.required(REFILL_INTERVAL, 1, LONGEST_SECONDS));
    }
}
