package io.apikeys.keycloak.management;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.Authority;
import io.apikeys.keycloak.credential.HolderCredentials;
import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.policy.Expiry;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.restriction.RestrictionRules;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * The keys of one holder. Every way of making or changing a key goes through here, so that the policy binds them all. A
 * change takes the lock of the holder first and reads the key then, from the database: of two changes at the same moment
 * the later one builds on the earlier one, or is refused.
 */
public final class HolderKeys {

    private static final Comparator<ApiKeyCredentialModel> NEWEST_FIRST = Comparator.comparing(
                    ApiKeyCredentialModel::createdAt)
            .reversed()
            .thenComparing(ApiKeyCredentialModel::getId);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeycloakSession session;
    private final RealmModel realm;
    private final UserModel holder;
    private final StoredKeys keys;
    private final KeyTerms terms;

    private HolderKeys(
            KeycloakSession session,
            RealmModel realm,
            UserModel holder,
            Authority authority,
            RestrictionRules restrictionRules,
            @Nullable String actingKeyId) {
        this.session = session;
        this.realm = realm;
        this.holder = holder;
        this.keys = new StoredKeys(session, realm, holder);
        this.terms = new KeyTerms(keys, RealmPolicy.of(realm), authority, restrictionRules, actingKeyId);
    }

    /** Returns the keys as their holder may change them. */
    public static HolderKeys ownedBy(UserModel holder, RealmModel realm, KeycloakSession session) {
        return new HolderKeys(
                session, realm, holder, Authority.HOLDER, RestrictionRules.forHolder(session, realm, holder), null);
    }

    /**
     * Returns the same keys as a session that was opened with one of them may change them: what it makes or changes is never
     * wider, lives no longer, and has no higher limits than that key.
     */
    public HolderKeys actingFor(String keyId) {
        return new HolderKeys(session, realm, holder, terms.authority(), terms.restrictionRules(), keyId);
    }

    /** Returns the keys as an administrator may change them. */
    public static HolderKeys administered(UserModel holder, RealmModel realm, KeycloakSession session) {
        return new HolderKeys(
                session,
                realm,
                holder,
                Authority.ADMINISTRATOR,
                RestrictionRules.forAdministrator(session, realm, holder),
                null);
    }

    /** Returns all keys of the holder, newest first, those included that cannot be read. */
    public List<ApiKeyCredentialModel> list() {
        return list(holder).sorted(NEWEST_FIRST).toList();
    }

    /** Returns all keys of a user, those included that cannot be read, in no order. */
    static Stream<ApiKeyCredentialModel> list(UserModel holder) {
        return HolderCredentials.of(holder).keys();
    }

    /** Returns the key with this credential id, if the user holds it. */
    public Optional<ApiKeyCredentialModel> find(String id) {
        return find(holder, id);
    }

    /** Returns the key with this credential id, if the user holds it and its data can be read. */
    public static Optional<ReadableKey> findReadable(UserModel holder, String id) {
        return find(holder, id).flatMap(ApiKeyCredentialModel::readable);
    }

    /** Returns the key with this credential id, if the user holds it. */
    public static Optional<ApiKeyCredentialModel> find(UserModel holder, String id) {
        return HolderCredentials.of(holder).find(id);
    }

    /**
     * Issues a key.
     *
     * @throws InvalidKeyException if the request is refused; the transaction must be rolled back then
     */
    public IssuedKey create(KeySettings asked) throws InvalidKeyException {
        terms.policy().requireReadable();
        return keys.underLock(() -> {
            Instant now = Instant.now();
            return issue(keys.free(asked.name(), null, now), now, terms.of(asked, now));
        });
    }

    /**
     * Takes over a key that another system issued, of which only the hash is known.
     *
     * @param hash of the whole key
     * @param hint shows people which key it is
     * @throws InvalidKeyException if the request is refused; the transaction must be rolled back then
     */
    public ApiKeyCredentialModel create(KeySettings asked, KeyHash hash, String hint) throws InvalidKeyException {
        terms.policy().requireReadable();
        return keys.underLock(() -> {
            Instant now = Instant.now();
            String name = keys.free(asked.name(), null, now);
            ApiKeyCredentialData data = terms.of(asked, now).hint(hint).build();
            return keys.addImported(hash, name, now, data, terms.policy().maxKeysPerUser());
        });
    }

    /**
     * Issues a new key with the name, restrictions, limits and metadata of a key of this holder, and ends that one. An expired
     * key can be rotated as long as it is kept; a disabled one cannot.
     *
     * @param graceSeconds how long the old key goes on working, not beyond its own expiry; 0 ends it at once
     * @param expiry of the new key; {@link Expiry.Usual} for that of the old one, as far as the realm allows it
     * @throws InvalidKeyException if the request is refused; the transaction must be rolled back then
     */
    public IssuedKey rotate(String id, long graceSeconds, Expiry expiry) throws InvalidKeyException {
        return rotate(id, graceSeconds, expiry, (key, now) -> {});
    }

    /**
     * Rotates a key for the machine that presented it. The new key lives at most as long as the old one was issued for, and a
     * key that has been replaced cannot be rotated again: otherwise a stolen key would become several, or would never end.
     */
    public IssuedKey rotateItself(String id, long graceSeconds, Expiry expiry) throws InvalidKeyException {
        KeyRotation rotation = new KeyRotation(keys, terms);
        return rotate(id, graceSeconds, expiry, (key, now) -> rotation.requireSelfRotation(key, expiry, now));
    }

    private IssuedKey rotate(String id, long graceSeconds, Expiry expiry, KeyRotation.Check mayRotate)
            throws InvalidKeyException {
        terms.policy().requireReadable();
        KeyRotation.requireGrace(graceSeconds);
        return keys.underLock(() -> {
            Instant now = Instant.now();
            KeyRotation.Successor successor =
                    new KeyRotation(keys, terms).replace(id, graceSeconds, expiry, mayRotate, now);
            return issue(successor.name(), now, successor.data());
        });
    }

    private IssuedKey issue(@Nullable String name, Instant now, ApiKeyCredentialData.Builder data)
            throws InvalidKeyException {
        ApiKey key = generate();
        return new IssuedKey(
                key,
                keys.add(
                        key.hash(),
                        name,
                        now,
                        data.hint(key.hint()).build(),
                        terms.policy().maxKeysPerUser()));
    }

    private ApiKey generate() throws InvalidKeyException {
        try {
            return ApiKey.generate(terms.policy().prefix(), holder.getId(), RANDOM);
        } catch (IllegalArgumentException unwritable) {
            throw InvalidKeyException.badField("userId", "The id of this user is too long for an API key.");
        }
    }

    /**
     * Changes a key of this holder.
     *
     * @param change what is to be changed of the key as it is now
     * @throws InvalidKeyException if the request is refused; the transaction must be rolled back then
     */
    public ApiKeyCredentialModel change(String id, Function<ApiKeyCredentialData, KeySettings> change)
            throws InvalidKeyException {
        return keys.underLock(() -> {
            Instant now = Instant.now();
            ApiKeyCredentialModel key = keys.lock(id);
            ApiKeyCredentialData current = key.data()
                    .orElseThrow(() ->
                            InvalidKeyException.conflict(null, "The API key cannot be read; it can only be deleted."));
            terms.requireWithinActingKey(current, now);
            KeySettings asked = change.apply(current);
            if (asked.expiry() != null || Boolean.TRUE.equals(asked.enabled())) {
                terms.policy().requireReadable();
            }
            String name = asked.name() == null ? key.name() : keys.free(asked.name(), id, now);
            ApiKeyCredentialData.Builder changed = asked.applyTo(current, terms.authority());
            if (asked.restrictions() != null) {
                changed.restrictions(
                        terms.restrictionRules().changed(current.restrictions(), asked.restrictions()),
                        now.truncatedTo(ChronoUnit.MILLIS));
            }
            if (asked.limits() != null) {
                changed.limits(changeLimits(current.limits(), asked.limits(), id));
            }
            if (asked.expiry() != null) {
                boolean mayExtend = terms.authority() == Authority.ADMINISTRATOR;
                changed.expiresAt(terms.expiryRules(now).changed(current.expiresAt(), asked.expiry(), mayExtend));
            }
            return keys.update(key.withName(name).withData(changed.build()));
        });
    }

    /** Sets limits anew, or lifts them, for all keys that count together with this one. */
    private Limits changeLimits(Limits current, Limits asked, String keyId) throws InvalidKeyException {
        if (current.isNone()) {
            return keys.limits().begin(asked);
        }
        Limits changed = asked.isNone() ? Limits.NONE : asked.replacing(current);
        for (ApiKeyCredentialModel other : keys.othersCountedWith(current, keyId)) {
            ApiKeyCredentialModel locked = keys.lock(other.getId());
            ApiKeyCredentialData data = locked.data().orElseThrow(InvalidKeyException::gone);
            keys.update(locked.withData(data.toBuilder().limits(changed).build()));
        }
        if (changed.isNone()) {
            keys.limits().lift(current);
        } else {
            keys.limits().set(changed);
        }
        return changed;
    }

    /**
     * Deletes a key and returns what it was. Its limits go on binding the holder, unless an administrator deletes the last key
     * of their line.
     *
     * @throws InvalidKeyException if the request is refused; the transaction must be rolled back then
     */
    public ApiKeyCredentialModel delete(String id) throws InvalidKeyException {
        return keys.underLock(() -> {
            ApiKeyCredentialModel key = keys.lock(id);
            ApiKeyCredentialData deleted = key.data().orElse(ApiKeyCredentialData.UNREADABLE);
            terms.requireWithinActingKey(deleted, Instant.now());
            keys.remove(key);
            if (terms.authority() == Authority.HOLDER) {
                keys.limits().bind(List.of(key));
            } else if (keys.othersCountedWith(deleted.limits(), id).isEmpty()) {
                keys.limits().lift(deleted.limits());
            }
            return key;
        });
    }

    /**
     * Deletes all keys of the holder and returns what they were. No limits bind the holder any more.
     *
     * @throws InvalidKeyException if a key is deleted by somebody else at the same moment
     */
    public List<ApiKeyCredentialModel> deleteAll() throws InvalidKeyException {
        return keys.underLock(() -> {
            List<ApiKeyCredentialModel> deleted = keys.all();
            for (ApiKeyCredentialModel key : deleted) {
                keys.remove(key);
            }
            keys.limits().liftAll();
            return deleted;
        });
    }
}
