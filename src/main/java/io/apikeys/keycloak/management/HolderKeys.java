package io.apikeys.keycloak.management;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.Authority;
import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.internals.credential.HolderStore;
import io.apikeys.keycloak.inventory.HolderLimits;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.key.KeyName;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.management.NewKey.Expiry;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.restriction.RestrictionRules;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.persistence.PersistenceException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * The keys of one holder. Every way of making or changing a key goes through here, so that the policy binds them all. A
 * change takes the lock of the holder first and reads the key then, from the database: of two changes at the same moment
 * the later one builds on the earlier one, or is refused.
 */
public final class HolderKeys {

    private static final long MAX_GRACE_SECONDS = 30 * 86_400;

    private static final Comparator<ApiKeyCredentialModel> NEWEST_FIRST = Comparator.comparing(
                    ApiKeyCredentialModel::createdAt)
            .reversed()
            .thenComparing(ApiKeyCredentialModel::getId);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeycloakSession session;
    private final ApiKeyCredentialProvider provider;
    private final RealmModel realm;
    private final UserModel holder;
    private final Authority authority;
    private final RestrictionRules restrictionRules;
    private final String actingKeyId;
    private final RealmPolicy policy;
    private final KeyRecords records;
    private final HolderLimits limits;
    private final HolderStore store;

    private HolderKeys(
            KeycloakSession session,
            RealmModel realm,
            UserModel holder,
            Authority authority,
            RestrictionRules restrictionRules,
            String actingKeyId) {
        this.session = session;
        this.authority = authority;
        this.actingKeyId = actingKeyId;
        this.provider = ApiKeyCredentialProviderFactory.provider(session);
        this.realm = realm;
        this.holder = holder;
        this.restrictionRules = restrictionRules;
        this.policy = RealmPolicy.of(realm);
        this.records = new KeyRecords(session);
        this.limits = records.limits(realm, holder);
        this.store = new HolderStore(session, realm, holder);
    }

    /** The keys as their holder may change them. */
    public static HolderKeys ownedBy(UserModel holder, RealmModel realm, KeycloakSession session) {
        return new HolderKeys(
                session, realm, holder, Authority.HOLDER, RestrictionRules.forHolder(session, realm, holder), null);
    }

    /**
     * The same keys as a session may change them that was opened with one of them: what it makes or changes is never wider,
     * lives no longer, and has no higher limits than that key.
     */
    public HolderKeys actingFor(String keyId) {
        return new HolderKeys(session, realm, holder, authority, restrictionRules, keyId);
    }

    /** The keys as an administrator may change them. */
    public static HolderKeys administered(UserModel holder, RealmModel realm, KeycloakSession session) {
        return new HolderKeys(
                session,
                realm,
                holder,
                Authority.ADMINISTRATOR,
                RestrictionRules.forAdministrator(session, realm, holder),
                null);
    }

    /** All keys of the holder, those included that cannot be read. */
    public List<ApiKeyCredentialModel> list() {
        return list(holder).sorted(NEWEST_FIRST).toList();
    }

    /** All keys of a user, those included that cannot be read, in no order. */
    static Stream<ApiKeyCredentialModel> list(UserModel holder) {
        return holder.credentialManager()
                .getStoredCredentialsByTypeStream(ApiKeyCredentialModel.TYPE)
                .map(ApiKeyCredentialModel::createFromCredentialModel);
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
        return Optional.ofNullable(holder.credentialManager().getStoredCredentialById(id))
                .filter(credential -> ApiKeyCredentialModel.TYPE.equals(credential.getType()))
                .map(ApiKeyCredentialModel::createFromCredentialModel);
    }

    /** Makes a key. An exception leaves the transaction to be rolled back. */
    public IssuedKey create(NewKey asked) throws InvalidKeyException {
        policy.requireReadable();
        return underLock(() -> {
            Instant now = Instant.now();
            return issue(free(asked.name(), null, now), now, settled(asked, now));
        });
    }

    /**
     * Makes a key of another system's one, of which only the hash is known.
     *
     * @param hash of the whole key
     * @param hint shows people which key it is
     */
    public ApiKeyCredentialModel create(NewKey asked, KeyHash hash, String hint, boolean enabled)
            throws InvalidKeyException {
        policy.requireReadable();
        return underLock(() -> {
            Instant now = Instant.now();
            String name = free(asked.name(), null, now);
            ApiKeyCredentialData settled =
                    settled(asked, now).withHint(hint).withDisabledBy(enabled ? null : authority);
            if (records.isImported(realm, hash)) {
                throw InvalidKeyException.conflict("hash", "There is an API key with this hash already.");
            }
            ApiKeyCredentialModel key = store(hash, name, now, settled);
            records.addImported(realm, hash, key.getId(), holder);
            return key;
        });
    }

    /** What a new key is to be, but for its hint. */
    private ApiKeyCredentialData settled(NewKey asked, Instant now) throws InvalidKeyException {
        Optional<ActingKey> acting = actingKey(now);
        Restrictions restrictions = asked.restrictions();
        Restrictions narrowed = Restrictions.NONE;
        if (acting.isPresent()) {
            restrictions = acting.get().narrowed(restrictions);
            narrowed = acting.get().data().restrictions();
        }
        restrictionRules.check(restrictions, narrowed);
        return ApiKeyCredentialData.ofNew(
                "",
                expiryRules(acting, now).of(asked.expiry()),
                restrictions,
                limitsOfNewKey(asked.limits(), acting),
                asked.metadata());
    }

    private ExpiryRules expiryRules(Optional<ActingKey> acting, Instant now) {
        return new ExpiryRules(
                policy,
                now,
                acting.map(ActingKey::data).map(ApiKeyCredentialData::expiresAt).orElse(null));
    }

    /** The key of the session that acts, as it is now; nothing if the session was opened in another way. */
    private Optional<ActingKey> actingKey(Instant now) throws InvalidKeyException {
        if (actingKeyId == null) {
            return Optional.empty();
        }
        return Optional.of(store.lock(actingKeyId)
                .map(ApiKeyCredentialModel::createFromCredentialModel)
                .flatMap(ApiKeyCredentialModel::readable)
                .filter(key -> key.isUsable(now))
                .map(key -> new ActingKey(key.data()))
                .orElseThrow(() ->
                        InvalidKeyException.forbidden("The API key that this session was opened with has ended.")));
    }

    /** An administrator sets limits, which begin a line of keys; what a holder makes belongs to a line that there is. */
    private Limits limitsOfNewKey(Limits asked, Optional<ActingKey> acting) {
        if (authority == Authority.ADMINISTRATOR) {
            return limits.begin(asked);
        }
        Limits ofActing =
                acting.map(ActingKey::data).map(ApiKeyCredentialData::limits).orElse(Limits.NONE);
        if (!ofActing.isNone() || policy.holdersExceedLimits()) {
            return ofActing;
        }
        return limits.tightest(records.stored(holder.getId()));
    }

    /**
     * Issues a new key with the name, restrictions, limits and metadata of a key of this holder, and ends that one. An expired key can
     * be rotated as long as it is kept; a disabled one cannot.
     *
     * @param graceSeconds how long the old key goes on working, not beyond its own expiry; 0 ends it at once
     * @param expiry of the new key; {@link Expiry.Usual} for that of the old one, as far as the realm allows it
     */
    public IssuedKey rotate(String id, long graceSeconds, Expiry expiry) throws InvalidKeyException {
        return rotate(id, graceSeconds, expiry, any -> {});
    }

    /** Checks a key as it is stored now, under the lock. */
    private interface Check {
        void of(ReadableKey key) throws InvalidKeyException;
    }

    private IssuedKey rotate(String id, long graceSeconds, Expiry expiry, Check mayRotate) throws InvalidKeyException {
        policy.requireReadable();
        if (graceSeconds < 0 || graceSeconds > MAX_GRACE_SECONDS) {
            throw InvalidKeyException.badField(
                    "graceSeconds",
                    "Must be from 0 to " + MAX_GRACE_SECONDS + " (" + MAX_GRACE_SECONDS / 86_400 + " days).");
        }
        return underLock(() -> {
            Instant now = Instant.now();
            ApiKeyCredentialModel old = locked(id);
            ReadableKey key = old.readable()
                    .filter(read -> read.data().enabled())
                    .orElseThrow(() -> InvalidKeyException.conflict(
                            null, "The API key is disabled; enable it before you rotate it."));
            mayRotate.of(key);
            ApiKeyCredentialData kept = key.data();
            String name = old.name();
            Optional<ActingKey> acting = actingKey(now);
            if (acting.isPresent()) {
                acting.get().requireWithin(kept);
            }
            Instant end = endOfSuccessor(kept, expiry, expiryRules(acting, now), now);
            if (graceSeconds == 0 || kept.expired(now)) {
                remove(old);
            } else {
                old.setUserLabel(KeyName.inGrace(name, names(records.stored(holder.getId()))));
                old.change(kept.endingBy(now.plusSeconds(graceSeconds).truncatedTo(ChronoUnit.SECONDS))
                        .withReplacedAt(now.truncatedTo(ChronoUnit.MILLIS)));
                store.update(old);
                records.update(old);
            }
            return issue(
                    name, now, kept.endingAt(end).withReplacedAt(null).withLimits(limitsOfSuccessor(kept, acting)));
        });
    }

    /**
     * Rotates a key for the machine that presented it. The new key lives at most as long as the old one was issued for, and a key that has
     * been replaced cannot be rotated again: otherwise a stolen key would become several, or would never end.
     */
    public IssuedKey rotateItself(String id, long graceSeconds, Expiry expiry) throws InvalidKeyException {
        return rotate(id, graceSeconds, expiry, key -> requireSelfRotation(key, expiry));
    }

    private void requireSelfRotation(ReadableKey key, Expiry expiry) throws InvalidKeyException {
        if (key.data().replacedAt() != null) {
            throw InvalidKeyException.conflict(null, "Another API key has replaced this one.");
        }
        Instant issuedUntil = key.data().expiresAt();
        if (issuedUntil == null || expiry instanceof Expiry.Usual) {
            return;
        }
        Instant now = Instant.now();
        Instant latest = now.plus(Duration.between(key.credential().createdAt(), issuedUntil));
        Instant asked = new ExpiryRules(policy, now, null).of(expiry);
        if (asked == null || asked.isAfter(latest)) {
            throw InvalidKeyException.badField(
                    "expiresAt",
                    "A key that rotates itself lives no longer than it was issued for: here until " + latest + ".");
        }
    }

    private static Instant endOfSuccessor(ApiKeyCredentialData kept, Expiry asked, ExpiryRules rules, Instant now)
            throws InvalidKeyException {
        return asked instanceof Expiry.Usual && !kept.expired(now)
                ? rules.inherited(kept.expiresAt())
                : rules.of(asked);
    }

    /** A successor goes on in the line of its predecessor; one without limits is a new key, as far as limits go. */
    private Limits limitsOfSuccessor(ApiKeyCredentialData kept, Optional<ActingKey> acting) {
        return kept.limits().isNone() ? limitsOfNewKey(Limits.NONE, acting) : kept.limits();
    }

    /** A new key with this policy, but for its hint. */
    private IssuedKey issue(String name, Instant now, ApiKeyCredentialData settled) throws InvalidKeyException {
        ApiKey key = generate();
        return new IssuedKey(key, store(key.hash(), name, now, settled.withHint(key.hint())));
    }

    /** Under the lock, and with everything checked but the number of keys. */
    private ApiKeyCredentialModel store(KeyHash hash, String name, Instant now, ApiKeyCredentialData settled)
            throws InvalidKeyException {
        CredentialModel stored;
        try {
            stored = provider.createCredential(realm, holder, ApiKeyCredentialModel.create(hash, name, now, settled));
        } catch (ModelDuplicateException sameName) {
            throw KeyName.taken();
        }
        Map<Boolean, List<ApiKeyCredentialModel>> byExpired = records.stored(holder.getId()).stream()
                .collect(Collectors.partitioningBy(each -> isExpired(each, now)));
        forgetOldest(byExpired.get(true));
        if (byExpired.get(false).size() > policy.maxKeysPerUser()) {
            throw InvalidKeyException.conflict(
                    null,
                    "apiKeyTooMany",
                    "The user already has " + policy.maxKeysPerUser() + " API keys, which is the most allowed.");
        }
        ApiKeyCredentialModel key = provider.getCredentialFromModel(stored);
        records.add(realm, holder, key);
        return key;
    }

    /**
     * Changes a key of this holder.
     *
     * @param change what is to be changed of the key as it is now
     */
    public ApiKeyCredentialModel change(String id, Function<ApiKeyCredentialData, KeyChange> change)
            throws InvalidKeyException {
        return underLock(() -> {
            ApiKeyCredentialModel key = locked(id);
            ApiKeyCredentialData current = key.data()
                    .orElseThrow(() ->
                            InvalidKeyException.conflict(null, "The API key cannot be read; it can only be deleted."));
            requireWithinActingKey(current);
            KeyChange asked = change.apply(current);
            if (asked.expiry().isPresent() || Boolean.TRUE.equals(asked.enabled())) {
                policy.requireReadable();
            }
            if (asked.name() != null) {
                key.setUserLabel(free(asked.name(), id, Instant.now()));
            }
            if (asked.restrictions() != null) {
                restrictionRules.check(asked.restrictions(), current.restrictions());
            }
            Limits settled = asked.limits() == null ? current.limits() : changed(current.limits(), asked.limits(), id);
            ApiKeyCredentialData changed = asked.applyTo(
                            current, authority, Instant.now().truncatedTo(ChronoUnit.MILLIS))
                    .withLimits(settled);
            if (asked.expiry().isPresent()) {
                changed = changed.endingAt(changedEnd(current, asked.expiry().get()));
            }
            key.change(changed);
            try {
                store.update(key);
            } catch (ModelDuplicateException sameName) {
                throw KeyName.taken();
            }
            records.update(key);
            return key;
        });
    }

    private Instant changedEnd(ApiKeyCredentialData current, Expiry asked) throws InvalidKeyException {
        Instant now = Instant.now();
        return expiryRules(actingKey(now), now)
                .changed(current.expiresAt(), asked, authority == Authority.ADMINISTRATOR);
    }

    private void requireWithinActingKey(ApiKeyCredentialData touched) throws InvalidKeyException {
        Optional<ActingKey> acting = actingKey(Instant.now());
        if (acting.isPresent()) {
            acting.get().requireWithin(touched);
        }
    }

    /** Sets limits anew, or lifts them, for all keys that count together with this one. */
    private Limits changed(Limits current, Limits asked, String keyId) throws InvalidKeyException {
        if (current.isNone()) {
            return limits.begin(asked);
        }
        Limits changed = asked.isNone() ? Limits.NONE : asked.replacing(current);
        for (ApiKeyCredentialModel other : othersCountedWith(current, keyId)) {
            ApiKeyCredentialModel locked = locked(other.getId());
            locked.change(locked.data().orElseThrow(InvalidKeyException::gone).withLimits(changed));
            store.update(locked);
        }
        if (changed.isNone()) {
            limits.lift(current);
        } else {
            limits.set(changed);
        }
        return changed;
    }

    private List<ApiKeyCredentialModel> othersCountedWith(Limits line, String keyId) {
        return records.stored(holder.getId()).stream()
                .filter(key -> !key.getId().equals(keyId))
                .filter(key ->
                        key.data().filter(of -> of.limits().isCountedWith(line)).isPresent())
                .toList();
    }

    /**
     * Deletes a key, and answers what it was. Its limits go on binding the holder, unless an administrator deletes the last
     * key of their line.
     */
    public ApiKeyCredentialModel delete(String id) throws InvalidKeyException {
        return underLock(() -> {
            ApiKeyCredentialModel key = locked(id);
            ApiKeyCredentialData deleted = key.data().orElse(ApiKeyCredentialData.UNREADABLE);
            requireWithinActingKey(deleted);
            remove(key);
            if (authority == Authority.HOLDER) {
                limits.bind(List.of(key));
            } else if (othersCountedWith(deleted.limits(), id).isEmpty()) {
                limits.lift(deleted.limits());
            }
            return key;
        });
    }

    /** Deletes all keys of the holder, and answers what they were. No limits bind the holder any more. */
    public List<ApiKeyCredentialModel> deleteAll() throws InvalidKeyException {
        return underLock(() -> {
            List<ApiKeyCredentialModel> keys = records.stored(holder.getId());
            for (ApiKeyCredentialModel key : keys) {
                remove(key);
            }
            limits.liftAll();
            return keys;
        });
    }

    private ApiKeyCredentialModel remove(ApiKeyCredentialModel key) throws InvalidKeyException {
        if (!provider.deleteCredential(realm, holder, key.getId())) {
            throw InvalidKeyException.gone();
        }
        records.remove(List.of(key.getId()));
        return key;
    }

    private interface Change<T> {
        T make() throws InvalidKeyException;
    }

    /** Nobody else changes keys of this holder meanwhile; whatever is read of them has to be read in here. */
    private <T> T underLock(Change<T> change) throws InvalidKeyException {
        try {
            records.lock(holder);
            T made = change.make();
            records.flush();
            return made;
        } catch (ModelException | PersistenceException failed) {
            if (ConcurrentChange.isCauseOf(failed)) {
                throw InvalidKeyException.conflict(
                        null,
                        "The API key has been changed at the same moment. Look at it again before you try again.");
            }
            throw failed;
        }
    }

    /** A key of this holder as it is stored now. */
    private ApiKeyCredentialModel locked(String id) throws InvalidKeyException {
        return store.lock(id)
                .filter(credential -> ApiKeyCredentialModel.TYPE.equals(credential.getType()))
                .map(ApiKeyCredentialModel::createFromCredentialModel)
                .orElseThrow(InvalidKeyException::gone);
    }

    private ApiKey generate() throws InvalidKeyException {
        try {
            return ApiKey.generate(policy.prefix(), holder.getId(), RANDOM);
        } catch (IllegalArgumentException unwritable) {
            throw InvalidKeyException.badField("userId", "The id of this user is too long for an API key.");
        }
    }

    /**
     * Checks a name, and frees it: an expired key of that name, which is only kept to be listed, is deleted.
     *
     * @param exceptId of the key that gets the name; null for a new one
     */
    private String free(String name, String exceptId, Instant now) throws InvalidKeyException {
        Map<Boolean, List<ApiKeyCredentialModel>> byExpired = records.stored(holder.getId()).stream()
                .filter(key -> !key.getId().equals(exceptId))
                .collect(Collectors.partitioningBy(key -> isExpired(key, now)));
        String checked = KeyName.check(name, names(byExpired.get(false)));
        for (ApiKeyCredentialModel key : byExpired.get(true)) {
            if (key.name() != null && KeyName.isSame(key.name(), checked)) {
                forget(key);
            }
        }
        return checked;
    }

    /** Deletes the oldest expired keys beyond the most keys of a user, because all keys of a user are in one cache entry. */
    private void forgetOldest(List<ApiKeyCredentialModel> expired) throws InvalidKeyException {
        List<ApiKeyCredentialModel> oldestFirst = expired.stream()
                .sorted(Comparator.comparing(ApiKeyCredentialModel::createdAt))
                .toList();
        for (int i = 0; i < oldestFirst.size() - policy.maxKeysPerUser(); i++) {
            forget(oldestFirst.get(i));
        }
    }

    /** Deletes an expired key before its retention is over. Its limits go on binding the holder. */
    private void forget(ApiKeyCredentialModel expired) throws InvalidKeyException {
        remove(expired);
        limits.bind(List.of(expired));
        new EventBuilder(realm, session, session.getContext().getConnection())
                .event(EventType.REMOVE_CREDENTIAL)
                .user(holder)
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(Details.CREDENTIAL_USER_LABEL, expired.name())
                .detail(KeyEvents.KEY_ID, expired.getId())
                .detail(Details.REASON, "expired, and another key needs its place")
                .success();
    }

    /** Returns whether a key has expired; one that cannot be read has not. */
    private static boolean isExpired(ApiKeyCredentialModel key, Instant now) {
        return key.data().filter(data -> data.expired(now)).isPresent();
    }

    private static List<String> names(List<ApiKeyCredentialModel> keys) {
        return keys.stream()
                .map(ApiKeyCredentialModel::name)
                .filter(Objects::nonNull)
                .toList();
    }
}
