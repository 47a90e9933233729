package io.apikeys.keycloak.policy;

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
}
