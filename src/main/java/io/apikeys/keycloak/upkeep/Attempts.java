package io.apikeys.keycloak.upkeep;

import java.time.Duration;
import java.time.Instant;

/**
 * When something that has failed is attempted again: after pauses that grow, a few times.
 *
 * @param firstPause the time between the first and the second attempt
 */
record Attempts(Duration firstPause) {

    /** The time of an attempt that is never made, in milliseconds since 1970. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int MOST = 7;
    private static final int GROWTH = 4;

    /**
     * Returns when to make the next attempt if the present one fails, in milliseconds since 1970; {@link #NEVER} after the
     * last one.
     *
     * @param made the number of attempts made before the present one
     */
    long next(int made, Instant now) {
        return made + 1 >= MOST
                ? NEVER
                : now.plus(firstPause.multipliedBy((long) Math.pow(GROWTH, made)))
                        .toEpochMilli();
    }
}
