package io.apikeys.keycloak.credential;

import io.apikeys.keycloak.key.ApiKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** The keys of one holder. Every way of making or changing a key goes through here, so that the policy binds them all. */
public final class HolderKeys {

    private static final int MAX_NAME_LENGTH = 100;

    private static final long MAX_GRACE_SECONDS = 30 * 86_400;

    /** The last instant that a date of four-digit year can write, so that every client can read it. */
    private static final Instant LATEST_EXPIRY = Instant.parse("9999-12-31T23:59:59Z");

    private static final Comparator<ApiKeyCredentialModel> NEWEST_FIRST = Comparator.comparing(
                    ApiKeyCredentialModel::createdAt)
            .reversed()
            .thenComparing(ApiKeyCredentialModel::getId);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeycloakSession session;
    private final ApiKeyCredentialProvider provider;
    private final RealmModel realm;
    private final UserModel holder;
    private final RestrictionRules restrictionRules;
    private final RealmPolicy policy = RealmPolicy.DEFAULT;

    private HolderKeys(KeycloakSession session, RealmModel realm, UserModel holder, RestrictionRules restrictionRules) {
        this.session = session;
        this.provider = ApiKeyCredentialProviderFactory.provider(session);
        this.realm = realm;
        this.holder = holder;
        this.restrictionRules = restrictionRules;
    }

    /** The keys as their holder may change them. */
    public static HolderKeys ownedBy(UserModel holder, RealmModel realm, KeycloakSession session) {
        return new HolderKeys(session, realm, holder, RestrictionRules.forHolder(realm, holder));
    }

    /** The keys as an administrator may change them. */
    public static HolderKeys administered(UserModel holder, RealmModel realm, KeycloakSession session) {
        return new HolderKeys(session, realm, holder, RestrictionRules.forAdministrator(realm));
    }

    /** All keys of the holder, those included that cannot be read. */
    public List<ApiKeyCredentialModel> list() {
        return holder.credentialManager()
                .getStoredCredentialsByTypeStream(ApiKeyCredentialModel.TYPE)
                .map(provider::getCredentialFromModel)
                .sorted(NEWEST_FIRST)
                .toList();
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

    /**
     * Makes a key. An exception leaves the transaction to be rolled back.
     *
     * @param name 1 to {@value #MAX_NAME_LENGTH} characters, unique among the holder's keys whatever its case
     * @param expiresAt in the future; null for never
     */
    public IssuedKey create(String name, Instant expiresAt, Restrictions restrictions) throws InvalidKeyException {
        String checkedName = checkName(name, null);
        Instant now = Instant.now();
        checkExpiry(expiresAt, now);
        restrictionRules.check(restrictions, Restrictions.NONE);
        if (holder.getServiceAccountClientLink() != null) {
            throw InvalidKeyException.badField("userId", "A service account cannot hold API keys.");
        }
        new KeyTable(session).lock(holder);
        return issue(
                checkedName, now, expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.SECONDS), restrictions);
    }

    /**
     * Puts a new key with the same name, expiry and restrictions in place of a key of this holder.
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
        KeyPolicy policy = old.policy().orElseThrow();
        new KeyTable(session).lock(holder);
        if (graceSeconds == 0) {
            delete(old);
        } else {
            old.setUserLabel(nameInGrace(name));
            old.change(policy.endingBy(now.plusSeconds(graceSeconds).truncatedTo(ChronoUnit.SECONDS)));
            holder.credentialManager().updateStoredCredential(old);
        }
        return issue(name, now, policy.expiresAt(), policy.restrictions());
    }

    /** The name that the old key has while both live; names are unique. */
    private String nameInGrace(String name) {
        return IntStream.iterate(1, i -> i + 1)
                .mapToObj(i -> " (old" + (i == 1 ? "" : " " + i) + ")")
                .map(suffix -> name.substring(0, Math.min(name.length(), MAX_NAME_LENGTH - suffix.length())) + suffix)
                .filter(candidate -> list().stream().noneMatch(other -> candidate.equalsIgnoreCase(other.name())))
                .findFirst()
                .orElseThrow();
    }

    /** Under the lock, and with everything checked but the number of keys. */
    private IssuedKey issue(String name, Instant now, Instant expiresAt, Restrictions restrictions)
            throws InvalidKeyException {
        ApiKey key = generate();
        ApiKeyCredentialModel model = ApiKeyCredentialModel.create(key, name, now, expiresAt, restrictions);
        CredentialModel stored;
        try {
            stored = provider.createCredential(realm, holder, model);
        } catch (ModelDuplicateException sameName) {
            throw nameTaken();
        }
        // Counted after the change: what is read now is the table, under the lock, and no longer the user cache.
        if (list().size() > policy.maxKeysPerUser()) {
            throw InvalidKeyException.conflict(
                    null, "The user already has " + policy.maxKeysPerUser() + " API keys, which is the most allowed.");
        }
        return new IssuedKey(key, provider.getCredentialFromModel(stored));
    }

    /** Renames, enables or disables a key of this holder, or changes how it is narrowed; null leaves as it is. */
    public ApiKeyCredentialModel change(
            ApiKeyCredentialModel key, String name, Boolean enabled, Restrictions restrictions)
            throws InvalidKeyException {
        KeyPolicy changed = key.policy()
                .orElseThrow(() ->
                        InvalidKeyException.conflict(null, "The API key cannot be read; it can only be deleted."));
        if (name != null) {
            key.setUserLabel(checkName(name, key.getId()));
        }
        if (restrictions != null) {
            restrictionRules.check(restrictions, changed.restrictions());
            changed = changed.withRestrictions(restrictions);
        }
        if (enabled != null) {
            changed = changed.withEnabled(enabled);
        }
        key.change(changed);
        try {
            holder.credentialManager().updateStoredCredential(key);
        } catch (ModelDuplicateException sameName) {
            throw nameTaken();
        }
        return key;
    }

    public void delete(ApiKeyCredentialModel key) {
        provider.deleteCredential(realm, holder, key.getId());
    }

    private ApiKey generate() throws InvalidKeyException {
        try {
            return ApiKey.generate(policy.prefix(), holder.getId(), RANDOM);
        } catch (IllegalArgumentException unwritable) {
            throw InvalidKeyException.badField("userId", "The id of this user is too long for an API key.");
        }
    }

    private String checkName(String name, String ownId) throws InvalidKeyException {
        String stripped = name == null ? "" : name.strip();
        if (stripped.isEmpty()) {
            throw InvalidKeyException.badField("name", "An API key needs a name.");
        }
        if (stripped.length() > MAX_NAME_LENGTH) {
            throw InvalidKeyException.badField(
                    "name", "The name may have " + MAX_NAME_LENGTH + " characters at the most.");
        }
        if (stripped.codePoints().anyMatch(HolderKeys::unprintable)) {
            throw InvalidKeyException.badField("name", "The name may not contain control characters.");
        }
        // Keycloak checks the same, but not in every kind of user storage.
        if (list().stream()
                .anyMatch(other -> !other.getId().equals(ownId) && stripped.equalsIgnoreCase(other.name()))) {
            throw nameTaken();
        }
        return stripped;
    }

    /** Control characters, line separators and lone surrogates: what a list, a log or a database cannot show or store. */
    private static boolean unprintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    private static void checkExpiry(Instant expiresAt, Instant now) throws InvalidKeyException {
        if (expiresAt == null) {
            return;
        }
        if (!expiresAt.truncatedTo(ChronoUnit.SECONDS).isAfter(now)) {
            throw InvalidKeyException.badField("expiresAt", "The expiry must be in the future.");
        }
        if (expiresAt.isAfter(LATEST_EXPIRY)) {
            throw InvalidKeyException.badField("expiresAt", "The expiry must be before the year 10000.");
        }
    }

    private static InvalidKeyException nameTaken() {
        return InvalidKeyException.conflict("name", "The user already has an API key of this name.");
    }
}
