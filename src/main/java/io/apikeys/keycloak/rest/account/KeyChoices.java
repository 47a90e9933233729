package io.apikeys.keycloak.rest.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.apikeys.keycloak.restriction.roles.KeyRoles;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What a page needs to know that lets a user make and change keys.
 *
 * @param change whether the user may rename, disable, restrict and revoke keys
 * @param make whether the user may make, rotate and enable keys, after a recent login
 * @param restrictions what a new key can be restricted to
 */
record KeyChoices(
        Permission change,
        Permission make,
        Login login,
        Count keys,
        NameRules name,
        Expiry expiry,
        Restrictable restrictions) {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Permission(boolean allowed, @Nullable Obstacle reason) {

        static Permission unless(Optional<Obstacle> obstacle) {
            return new Permission(obstacle.isEmpty(), obstacle.orElse(null));
        }
    }

    /**
     * The login that making, rotating and enabling a key asks for.
     *
     * @param ageSeconds null if nobody has signed in, such as in an offline session
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Login(boolean recent, @Nullable Long ageSeconds, long maxAgeSeconds) {}

    /**
     * The number of the user's keys that have not expired.
     *
     * @param max how many there may be
     */
    record Count(long count, long max) {}

    record NameRules(int maxLength) {}

    /**
     * When a new key may expire.
     *
     * @param defaultSeconds how long a key lives if nobody says how long; null for always
     * @param longestSeconds null for no limit
     * @param latest the time that no key may outlive, which is when the key of the session expires
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Expiry(
            boolean required,
            @Nullable Long defaultSeconds,
            @Nullable Long longestSeconds,
            @Nullable String latest) {

        static @Nullable Long seconds(@Nullable Duration duration) {
            return duration == null ? null : duration.toSeconds();
        }
    }

    /**
     * What a key can be restricted to.
     *
     * @param roles those that a key can have
     * @param clients programs that the user uses; other ones can be named, too
     */
    record Restrictable(
            @JsonUnwrapped Roles roles, SortedSet<String> scopes, List<Named> clients, List<Named> organizations) {}

    record Roles(SortedSet<String> realmRoles, SortedMap<String, SortedSet<String>> clientRoles) {

        static Roles of(KeyRoles roles) {
            return new Roles(roles.realm(), roles.clients());
        }
    }

    /**
     * A client or an organization.
     *
     * @param id the client id or alias by which restrictions name it
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Named(String id, @Nullable String name) {}
}
