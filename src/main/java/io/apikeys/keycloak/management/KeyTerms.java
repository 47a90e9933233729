package io.apikeys.keycloak.management;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.Authority;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.policy.Expiry;
import io.apikeys.keycloak.policy.ExpiryRules;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.restriction.RestrictionRules;
import io.apikeys.keycloak.restriction.StoredRestrictions;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the caller who makes or changes a key may give it, by the realm's policy, the caller's authority, and the key that
 * the caller's session was opened with.
 *
 * @param keys the stored keys of the holder
 * @param authority the caller's authority
 * @param restrictionRules the restrictions that the caller may request
 * @param actingKeyId the id of the key that the caller's session was opened with
 */
record KeyTerms(
        StoredKeys keys,
        RealmPolicy policy,
        Authority authority,
        RestrictionRules restrictionRules,
        @Nullable String actingKeyId) {

    /** Returns the data of a new key, without its hint. */
    ApiKeyCredentialData.Builder of(KeySettings asked, Instant now) throws InvalidKeyException {
        Optional<ActingKey> acting = actingKey(now);
        StoredRestrictions restrictions = restrictions(asked.initialRestrictions(), acting);
        return asked.applyTo(ApiKeyCredentialData.builder().build(), authority)
                .expiresAt(expiryRules(acting, now).of(asked.expiry() == null ? new Expiry.Usual() : asked.expiry()))
                .restrictions(restrictions)
                .limits(limitsOfNewKey(asked.limits() == null ? Limits.NONE : asked.limits(), acting));
    }

    /**
     * Returns the restrictions of a new key: the requested ones, and those of the acting key in parts for which none are
     * requested.
     *
     * @throws InvalidKeyException if the key may not have them
     */
    private StoredRestrictions restrictions(StoredRestrictions asked, Optional<ActingKey> acting)
            throws InvalidKeyException {
        StoredRestrictions within = acting.map(ActingKey::data)
                .map(ApiKeyCredentialData::restrictions)
                .orElse(StoredRestrictions.NONE);
        StoredRestrictions restrictions = restrictionRules.bind(asked.completedBy(within), within);
        if (acting.isPresent()) {
            acting.get().requireWithin(restrictions);
        }
        restrictionRules.check(restrictions, within);
        return restrictions;
    }

    /** Returns when a key may end. */
    ExpiryRules expiryRules(Instant now) throws InvalidKeyException {
        return expiryRules(actingKey(now), now);
    }

    private ExpiryRules expiryRules(Optional<ActingKey> acting, Instant now) {
        return new ExpiryRules(
                policy,
                now,
                acting.map(ActingKey::data).map(ApiKeyCredentialData::expiresAt).orElse(null));
    }

    /**
     * Returns the limits of a key that takes the place of another one: those of its predecessor, with which it counts
     * together. A successor of a key without limits has the limits of a new key.
     */
    Limits limitsOfSuccessor(ApiKeyCredentialData predecessor, Instant now) throws InvalidKeyException {
        return predecessor.limits().isNone() ? limitsOfNewKey(Limits.NONE, actingKey(now)) : predecessor.limits();
    }

    /** Returns new limits if an administrator makes the key; else those that count the holder's keys already. */
    private Limits limitsOfNewKey(Limits asked, Optional<ActingKey> acting) {
        if (authority == Authority.ADMINISTRATOR) {
            return keys.limits().begin(asked);
        }
        Limits ofActing =
                acting.map(ActingKey::data).map(ApiKeyCredentialData::limits).orElse(Limits.NONE);
        if (!ofActing.isNone() || policy.holdersExceedLimits()) {
            return ofActing;
        }
        return keys.limits().tightest(keys.all());
    }

    /**
     * Checks that a key allows no more than the key that the caller's session was opened with, if there is one.
     *
     * @throws InvalidKeyException if it allows more
     */
    void requireWithinActingKey(ApiKeyCredentialData touched, Instant now) throws InvalidKeyException {
        Optional<ActingKey> acting = actingKey(now);
        if (acting.isPresent()) {
            acting.get().requireWithin(touched);
        }
    }

    /** Returns the key that the caller's session was opened with, as it is now; empty if there is none. */
    private Optional<ActingKey> actingKey(Instant now) throws InvalidKeyException {
        if (actingKeyId == null) {
            return Optional.empty();
        }
        return Optional.of(keys.find(actingKeyId)
                .flatMap(ApiKeyCredentialModel::readable)
                .filter(key -> key.isUsable(now))
                .map(key -> new ActingKey(key.data(), restrictionRules))
                .orElseThrow(() ->
                        InvalidKeyException.forbidden("The API key that this session was opened with has ended.")));
    }
}
