package io.apikeys.keycloak.credential;

import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.key.KeyHash;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** The keys of one holder. Every way of making or changing a key goes through here, so that the policy binds them all. */
public final class HolderKeys {

    private static final long MAX_GRACE_SECONDS = 30 * 86_400;

    private static final Comparator<ApiKeyCredentialModel> NEWEST_FIRST = Comparator.comparing(
                    ApiKeyCredentialModel::createdAt)
            .reversed()
            .thenComparing(ApiKeyCredentialModel::getId);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final ApiKeyCredentialProvider provider;
    private final RealmModel realm;
    private final UserModel holder;
    private final RestrictionRules restrictionRules;
    private final RealmPolicy policy;
    private final KeyRecords records;
    private final HolderStore store;

    private HolderKeys(KeycloakSession session, RealmModel realm, UserModel holder, RestrictionRules restrictionRules) {
        this.provider = ApiKeyCredentialProviderFactory.provider(session);
        this.realm = realm;
        this.holder = holder;
        this.restrictionRules = restrictionRules;
        this.policy = RealmPolicy.of(realm);
        this.records = new KeyRecords(session);
        this.store = new HolderStore(session, realm, holder);
    }

    /** The keys as their holder may change them. */
    public static HolderKeys ownedBy(UserModel holder, RealmModel realm, KeycloakSession session) {
        return new HolderKeys(session, realm, holder, RestrictionRules.forHolder(session, realm, holder));
    }

    /** The keys as an administrator may change them. */
    public static HolderKeys administered(UserModel holder, RealmModel realm, KeycloakSession session) {
        return new HolderKeys(session, realm, holder, RestrictionRules.forAdministrator(session, realm, holder));
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

    public Optional<ApiKeyCredentialModel> find(String id) {
        return find(holder, id);
    }

    /** The key with this credential id, if this user holds it. */
    public static Optional<ApiKeyCredentialModel> find(UserModel holder, String id) {
        return Optional.ofNullable(holder.credentialManager().getStoredCredentialById(id))
                .filter(credential -> ApiKeyCredentialModel.TYPE.equals(credential.getType()))
                .map(ApiKeyCredentialModel::createFromCredentialModel);
    }

    /** Makes a key. An exception leaves the transaction to be rolled back. */
    public IssuedKey create(NewKey asked) throws InvalidKeyException {
        Instant now = Instant.now();
        String name = KeyName.check(asked.name(), names(null));
        Instant expiresAt = new ExpiryRules(policy, now).of(asked.expiry());
        restrictionRules.check(asked.restrictions(), Restrictions.NONE);
        records.lock(holder);
        return issue(
                name, now, new KeyPolicy("", expiresAt, true, asked.restrictions(), asked.limits(), asked.metadata()));
    }

    /**
     * Makes a key of another system's one, of which only the hash is known.
     *
     * @param hash of the whole key
     * @param hint shows people which key it is
     */
    public ApiKeyCredentialModel create(NewKey asked, KeyHash hash, String hint, boolean enabled)
            throws InvalidKeyException {
        Instant now = Instant.now();
        String name = KeyName.check(asked.name(), names(null));
        Instant expiresAt = new ExpiryRules(policy, now).of(asked.expiry());
        restrictionRules.check(asked.restrictions(), Restrictions.NONE);
        records.lock(holder);
        if (records.isImported(realm, hash)) {
            throw InvalidKeyException.conflict("hash", "There is an API key with this hash already.");
        }
        ApiKeyCredentialModel key = store(
                hash,
                name,
                now,
                new KeyPolicy(hint, expiresAt, enabled, asked.restrictions(), asked.limits(), asked.metadata()));
        records.addImported(realm, hash, key.getId(), holder);
        return key;
    }

    /**
     * Puts a new key with the same name and policy in place of a key of this holder.
     *
     * @param graceSeconds how long the old one lives on, not beyond its own expiry; 0 ends it at once
     */
    public IssuedKey rotate(ApiKeyCredentialModel old, long graceSeconds) throws InvalidKeyException {
        Instant now = Instant.now();
        if (!old.isUsable(now)) {
            throw InvalidKeyException.conflict(null, "The API key has ended, or is disabled; it cannot be rotated.");
        }
        if (graceSeconds < 0 || graceSeconds > MAX_GRACE_SECONDS) {
            throw InvalidKeyException.badField(
                    "graceSeconds",
                    "Must be from 0 to " + MAX_GRACE_SECONDS + " (" + MAX_GRACE_SECONDS / 86_400 + " days).");
        }
        String name = old.name();
        KeyPolicy kept = old.policy().orElseThrow();
        records.lock(holder);
        if (graceSeconds == 0) {
            delete(old);
        } else {
            old.setUserLabel(KeyName.inGrace(name, names(null)));
            old.change(kept.endingBy(now.plusSeconds(graceSeconds).truncatedTo(ChronoUnit.SECONDS)));
            store.update(old);
            records.update(old);
        }
        return issue(name, now, kept.endingAt(new ExpiryRules(policy, now).inherited(kept.expiresAt())));
    }

    /** A new key with this policy, but for its hint. */
    private IssuedKey issue(String name, Instant now, KeyPolicy settled) throws InvalidKeyException {
        ApiKey key = generate();
        return new IssuedKey(key, store(key.hash(), name, now, settled.withHint(key.hint())));
    }

    /** Under the lock, and with everything checked but the number of keys. */
    private ApiKeyCredentialModel store(KeyHash hash, String name, Instant now, KeyPolicy settled)
            throws InvalidKeyException {
        CredentialModel stored;
        try {
            stored = provider.createCredential(realm, holder, ApiKeyCredentialModel.create(hash, name, now, settled));
        } catch (ModelDuplicateException sameName) {
            throw KeyName.taken();
        }
        // Counted after the change: what is read now is the table, under the lock, and no longer the user cache.
        if (list().size() > policy.maxKeysPerUser()) {
            throw InvalidKeyException.conflict(
                    null,
                    "apiKeyTooMany",
                    "The user already has " + policy.maxKeysPerUser() + " API keys, which is the most allowed.");
        }
        ApiKeyCredentialModel key = provider.getCredentialFromModel(stored);
        records.add(realm, holder, key);
        return key;
    }

    /** Changes a key of this holder. */
    public ApiKeyCredentialModel change(ApiKeyCredentialModel key, KeyChange change) throws InvalidKeyException {
        KeyPolicy current = key.policy()
                .orElseThrow(() ->
                        InvalidKeyException.conflict(null, "The API key cannot be read; it can only be deleted."));
        if (change.name() != null) {
            key.setUserLabel(KeyName.check(change.name(), names(key.getId())));
        }
        if (change.restrictions() != null) {
            restrictionRules.check(change.restrictions(), current.restrictions());
        }
        key.change(current.changedBy(change));
        try {
            store.update(key);
        } catch (ModelDuplicateException sameName) {
            throw KeyName.taken();
        }
        return key;
    }

    public void delete(ApiKeyCredentialModel key) {
        provider.deleteCredential(realm, holder, key.getId());
        records.remove(List.of(key.getId()));
    }

    private ApiKey generate() throws InvalidKeyException {
        try {
            return ApiKey.generate(policy.prefix(), holder.getId(), RANDOM);
        } catch (IllegalArgumentException unwritable) {
            throw InvalidKeyException.badField("userId", "The id of this user is too long for an API key.");
        }
    }

    /** The names of the holder's keys but for one of them. */
    private List<String> names(String exceptId) {
        return list(holder)
                .filter(key -> !key.getId().equals(exceptId))
                .map(ApiKeyCredentialModel::name)
                .filter(Objects::nonNull)
                .toList();
    }
}
