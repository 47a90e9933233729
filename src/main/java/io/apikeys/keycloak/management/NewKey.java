package io.apikeys.keycloak.management;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.restriction.Restrictions;
import java.time.Instant;

/**
 * What is asked of a key that is to be made.
 *
 * @param name 1 to 100 characters, unique among the holder's keys whatever its case
 * @param metadata null for none
 */
public record NewKey(String name, Expiry expiry, Restrictions restrictions, Limits limits, ObjectNode metadata) {

    /** As this, with other restrictions. */
    public NewKey restrictedTo(Restrictions other) {
        return new NewKey(name, expiry, other, limits, metadata);
    }

    /** When a new key ends. */
    public sealed interface Expiry {

        /** When the realm's policy says. */
        record Usual() implements Expiry {}

        record Never() implements Expiry {}

        record At(Instant instant) implements Expiry {}
    }
}
