package io.apikeys.keycloak.management;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.key.KeyName;
import io.apikeys.keycloak.policy.Expiry;
import io.apikeys.keycloak.policy.ExpiryRules;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rotation: a new key with the name, restrictions, limits and metadata of an old one takes its place. An expired key can be
 * rotated as long as it is kept; a disabled one cannot.
 */
record KeyRotation(StoredKeys keys, KeyTerms terms) {

    private static final long MAX_GRACE_SECONDS = 30 * 86_400;

    /** Which of a holder's keys may be rotated. */
    interface Check {

        /**
         * Checks a key as it is stored now, under the lock.
         *
         * @throws InvalidKeyException if it may not be rotated
         */
        void of(ReadableKey key, Instant now) throws InvalidKeyException;
    }

    /** The rest of a successor's data and its name, which its predecessor no longer has. */
    record Successor(@Nullable String name, ApiKeyCredentialData.Builder data) {}

    /**
     * Ends a key, at once or after a grace, and returns its successor, which is still to be stored. Must be called under the lock.
     *
     * @param graceSeconds how long the old key goes on working, not beyond its own expiry; 0 ends it at once
     * @param expiry the end of the successor; {@link Expiry.Usual} for that of the old key, as far as the realm allows it
     */
    Successor replace(String id, long graceSeconds, Expiry expiry, Check mayRotate, Instant now)
            throws InvalidKeyException {
        ApiKeyCredentialModel old = keys.lock(id);
        ReadableKey key = old.readable()
                .filter(read -> read.data().enabled())
                .orElseThrow(() ->
                        InvalidKeyException.conflict(null, "The API key is disabled; enable it before you rotate it."));
        mayRotate.of(key, now);
        terms.requireWithinActingKey(key.data(), now);
        Successor successor = new Successor(
                old.name(),
                key.data().toBuilder()
                        .expiresAt(end(key.data(), expiry, now))
                        .replacedAt(null)
                        .limits(terms.limitsOfSuccessor(key.data(), now)));
        if (graceSeconds == 0 || key.data().expired(now)) {
            keys.remove(old);
        } else {
            endLater(key, now.plusSeconds(graceSeconds), now);
        }
        return successor;
    }

    private void endLater(ReadableKey key, Instant end, Instant now) throws InvalidKeyException {
        ApiKeyCredentialModel old = key.credential();
        keys.update(old.withName(KeyName.inGrace(old.name(), keys.names()))
                .withData(key.data().toBuilder()
                        .expiresAt(key.data().earlierEnd(end.truncatedTo(ChronoUnit.SECONDS)))
                        .replacedAt(now.truncatedTo(ChronoUnit.MILLIS))
                        .build()));
    }

    private @Nullable Instant end(ApiKeyCredentialData old, Expiry asked, Instant now) throws InvalidKeyException {
        ExpiryRules rules = terms.expiryRules(now);
        return asked instanceof Expiry.Usual && !old.expired(now) ? rules.inherited(old.expiresAt()) : rules.of(asked);
    }

    /**
     * Checks that a key may rotate itself, for the machine that presented it. The new key lives no longer than the old one was
     * issued for, and a key that has been replaced cannot be rotated again: otherwise a stolen key would become several, or
     * would never end.
     */
    void requireSelfRotation(ReadableKey key, Expiry expiry, Instant now) throws InvalidKeyException {
        if (key.data().replacedAt() != null) {
            throw InvalidKeyException.conflict(null, "Another API key has replaced this one.");
        }
        Instant issuedUntil = key.data().expiresAt();
        if (issuedUntil == null || expiry instanceof Expiry.Usual) {
            return;
        }
        // Expiries are whole seconds, so the fraction of a second in the creation time is not part of the lifetime.
        Instant issuedAt = key.credential().createdAt().truncatedTo(ChronoUnit.SECONDS);
        Instant latest = now.plus(Duration.between(issuedAt, issuedUntil));
        Instant asked = new ExpiryRules(terms.policy(), now, null).of(expiry);
        if (asked == null || asked.isAfter(latest)) {
            throw InvalidKeyException.badField(
                    "expiresAt",
                    "A key that rotates itself lives no longer than it was issued for: here until " + latest + ".");
        }
    }

    /**
     * Checks a requested grace.
     *
     * @throws InvalidKeyException if it is negative or longer than 30 days
     */
    static void requireGrace(long seconds) throws InvalidKeyException {
        if (seconds < 0 || seconds > MAX_GRACE_SECONDS) {
            throw InvalidKeyException.badField(
                    "graceSeconds",
                    "Must be from 0 to " + MAX_GRACE_SECONDS + " (" + MAX_GRACE_SECONDS / 86_400 + " days).");
        }
    }
}
