package io.apikeys.keycloak.credential;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.usage.Limits;
import java.time.Instant;

/**
 * What is asked of a key that is to be made.
 *
 * @param name 1 to 100 characters, unique among the holder's keys whatever its case
 * @param metadata null for none
 */
public record NewKey(String name, Expiry expiry, Restrictions restrictions, Limits limits, ObjectNode metadata) {

    /** When a new key ends. */
    public sealed interface Expiry {

        /** When the realm's policy says. */
        record Usual() implements Expiry {}

        record Never() implements Expiry {}

        record At(Instant instant) implements Expiry {}
    }
}
