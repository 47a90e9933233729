package io.apikeys.keycloak.policy;

import java.time.Duration;
import java.time.Instant;

/** The requested end of a key. */
public sealed interface Expiry {

    /** The end that the realm's policy sets where nothing is requested. */
    record Usual() implements Expiry {}

    /** No end. */
    record Never() implements Expiry {}

    /**
     * An end.
     *
     * @param instant the first instant at which the key is no longer accepted
     */
    record At(Instant instant) implements Expiry {}

    /**
     * An end that is counted from when the key is made, so that two keys for the same time live equally long.
     *
     * @param lifetime how long the key lives
     */
    record In(Duration lifetime) implements Expiry {}
}
