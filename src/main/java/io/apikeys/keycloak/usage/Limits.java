package io.apikeys.keycloak.usage;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How often a key may be used. Every part that is null limits nothing.
 *
 * @param since when these limits were set, in milliseconds since 1970; counters that are older count for nothing. 0 if
 *     there is no limit
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Limits(RateLimit rateLimit, Quota quota, long since) {

    public static final Limits NONE = new Limits(null, null, 0);

    /**
     * At most {@code max} uses in a window, which begins with the first use after the one before has ended.
     *
     * @param windowSeconds the length of a window
     */
    public record RateLimit(long max, long windowSeconds) {}

    /**
     * As many uses as remain.
     *
     * @param remaining how many there were when the limits were set
     * @param refillAmount what the rest is filled up to, again and again; null for never
     * @param refillIntervalSeconds how long after one refill the next one comes; null for never
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Quota(long remaining, Long refillAmount, Long refillIntervalSeconds) {

        boolean isRefilled() {
            return refillAmount != null;
        }
    }

    @JsonIgnore
    public boolean isNone() {
        return rateLimit == null && quota == null;
    }
}
