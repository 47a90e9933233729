package io.apikeys.keycloak.credential;

import io.apikeys.keycloak.credential.NewKey.Expiry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When keys of a realm may end.
 *
 * @param now what "in the future" means
 */
record ExpiryRules(RealmPolicy policy, Instant now) {

    private static final String FIELD = "expiresAt";

    /** The last instant that a date of four-digit year can write, so that every client can read it. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** The end of a new key, in whole seconds; null for never. */
    Instant of(Expiry asked) throws InvalidKeyException {
        if (asked instanceof Expiry.At at) {
            return check(at.instant());
        }
        Instant usual = asked instanceof Expiry.Usual ? policy.usualExpiry(now) : null;
        if (usual != null) {
            return usual.truncatedTo(ChronoUnit.SECONDS);
        }
        if (policy.expiryRequired() || policy.longestExpiry() != null) {
            throw InvalidKeyException.badField(FIELD, "apiKeyExpiryNotAllowed", "This realm demands an expiry.");
        }
        return null;
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
                    "This realm lets a key live for " + policy.longestExpiry().toDays() + " days at the most.");
        }
        return end;
    }

    /** The end of a key that takes the place of one: the same, if that may still be. */
    Instant inherited(Instant end) {
        Instant most = policy.longestExpiry() == null
                ? (end == null && policy.expiryRequired() ? policy.usualExpiry(now) : null)
                : now.plus(policy.longestExpiry());
        Instant kept = most != null && (end == null || end.isAfter(most)) ? most : end;
        return kept == null ? null : kept.truncatedTo(ChronoUnit.SECONDS);
    }
}
