package io.apikeys.keycloak.policy;

import io.apikeys.keycloak.key.InvalidKeyException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * When keys of a realm may end.
 *
 * @param now what "in the future" means
 * @param latest the end of the key that makes another one; null if it has none, or if no key does
 */
public record ExpiryRules(
        RealmPolicy policy, Instant now, @Nullable Instant latest) {

    private static final String FIELD = "expiresAt";

    /** The last instant that a date of four-digit year can write, so that every client can read it. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** The end of a new key, in whole seconds; null for never. */
    public @Nullable Instant of(Expiry asked) throws InvalidKeyException {
        if (asked instanceof Expiry.At at) {
            return check(at.instant());
        }
        if (asked instanceof Expiry.In in) {
            return check(now.plus(in.lifetime()));
        }
        Instant usual = asked instanceof Expiry.Usual ? earlier(policy.usualExpiry(now), latest) : null;
        if (usual != null) {
            return usual.truncatedTo(ChronoUnit.SECONDS);
        }
        if (latest != null) {
            throw laterThanLatest();
        }
        if (policy.expiryRequired() || policy.longestExpiry() != null) {
            throw InvalidKeyException.badField(FIELD, "apiKeyExpiryNotAllowed", "This realm demands an expiry.");
        }
        return null;
    }

    /**
     * Returns the changed end of a key, in whole seconds; null for never.
     *
     * @param current the end that it has; null for never
     * @param mayExtend whether it may end later than now
     */
    public @Nullable Instant changed(@Nullable Instant current, Expiry asked, boolean mayExtend)
            throws InvalidKeyException {
        Instant end = of(asked);
        boolean later = current != null && (end == null || end.isAfter(current));
        if (later && !mayExtend) {
            throw InvalidKeyException.badField(
                    FIELD,
                    "apiKeyExpiryNotAllowed",
                    "Only an administrator can let an API key expire later. Rotate it to get a new one.");
        }
        return end;
    }

    private Instant check(Instant asked) throws InvalidKeyException {
        Instant end = asked.truncatedTo(ChronoUnit.SECONDS);
        if (!end.isAfter(now)) {
            throw InvalidKeyException.badField(FIELD, "apiKeyExpiryNotAllowed", "The expiry must be in the future.");
        }
        if (end.isAfter(LATEST)) {
            throw InvalidKeyException.badField(
                    FIELD, "apiKeyExpiryNotAllowed", "The expiry must be before the year 10000.");
        }
        if (policy.longestExpiry() != null && end.isAfter(now.plus(policy.longestExpiry()))) {
            throw InvalidKeyException.badField(
                    FIELD,
                    "apiKeyExpiryNotAllowed",
                    "In this realm, a key may live for at most "
                            + policy.longestExpiry().toDays() + " days.");
        }
        if (latest != null && end.isAfter(latest)) {
            throw laterThanLatest();
        }
        return end;
    }

    private InvalidKeyException laterThanLatest() {
        return InvalidKeyException.badField(
                FIELD,
                "apiKeyExpiryNotAllowed",
                "The API key that this session was opened with ends at " + latest
                        + "; a key that it makes cannot end later.");
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isBefore(one)) ? other : one;
    }

    /** The end of a key that takes the place of one: the same, if that may still be. */
    public @Nullable Instant inherited(@Nullable Instant end) {
        Instant most = policy.longestExpiry() == null
                ? (end == null && policy.expiryRequired() ? policy.usualExpiry(now) : null)
                : now.plus(policy.longestExpiry());
        Instant kept = most != null && (end == null || end.isAfter(most)) ? most : end;
        return kept == null ? null : kept.truncatedTo(ChronoUnit.SECONDS);
    }
}
