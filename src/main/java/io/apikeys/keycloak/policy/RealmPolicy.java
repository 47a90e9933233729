package io.apikeys.keycloak.policy;

import static io.apikeys.keycloak.policy.PolicyProperties.DEFAULT_EXPIRY;
import static io.apikeys.keycloak.policy.PolicyProperties.EXPIRY_REQUIRED;
import static io.apikeys.keycloak.policy.PolicyProperties.HOLDERS_EXCEED_LIMITS;
import static io.apikeys.keycloak.policy.PolicyProperties.KEYS_ADMINISTER;
import static io.apikeys.keycloak.policy.PolicyProperties.KEY_SESSIONS_MANAGE_CREDENTIALS;
import static io.apikeys.keycloak.policy.PolicyProperties.KEY_SESSIONS_MANAGE_KEYS;
import static io.apikeys.keycloak.policy.PolicyProperties.LONGEST_EXPIRY;
import static io.apikeys.keycloak.policy.PolicyProperties.REMINDER;
import static io.apikeys.keycloak.policy.PolicyProperties.RETENTION;

import io.apikeys.keycloak.key.InvalidKeyException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keycloak.models.Constants;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionConfigModel;
import org.keycloak.models.RequiredActionProviderModel;

/**
 * What a realm settles about all of its keys: the configuration of required action {@value #ACTION}, which the Admin
 * Console edits and the realm's export holds. A setting that is missing, or empty, has its default. While a setting cannot be read, no
 * keys are made, no expired ones are deleted, and it allows nothing to the keys that there are.
 *
 * @param holdersMakeKeys whether users make keys for themselves; otherwise only administrators make keys
 * @param trustedClients ids of the clients through which users make keys with all of their roles, whatever the tokens of
 *     those clients show
 * @param maxLoginAge how long ago a user may have signed in to make a key, in seconds
 * @param prefix of new keys; keys with an earlier prefix go on working
 * @param maxKeysPerUser how many keys a user may have at a time. A user's keys live in one cache entry together, so
 *     there has to be a bound
 * @param defaultExpiry how long a key lives of which nobody says how long; null for always
 * @param longestExpiry how long a key may live; null for always
 * @param expiryRequired whether no key may live for always
 * @param keySessionsManageKeys whether a session that was opened with a key may change keys
 * @param holdersExceedLimits whether holders whose keys an administrator has limited may make keys without limits
 * @param keysAdminister whether a key administers Keycloak that is not narrowed to do so
 * @param lastUseResolution what times of last use are rounded down to
 * @param retention how long an expired key is kept; null for always
 * @param reminder how long before its end the holder of a key is reminded of it; null for not at all
 * @param error the first setting that cannot be read; null if all can
 */
public record RealmPolicy(
        boolean holdersMakeKeys,
        Set<String> trustedClients,
        int maxLoginAge,
        String prefix,
        int maxKeysPerUser,
        Duration defaultExpiry,
        Duration longestExpiry,
        boolean expiryRequired,
        boolean keySessionsManageKeys,
        boolean holdersExceedLimits,
        boolean keysAdminister,
        Duration lastUseResolution,
        Duration retention,
        Duration reminder,
        PolicyError error) {

    /** The required action whose configuration this is. */
    public static final String ACTION = "CREATE_API_KEY";

    /**
     * Returns whether a realm has keys at all: only where its required action {@value #ACTION} is registered and enabled.
     * Elsewhere every door answers as if there were none. Costs no query, and holds on all nodes as soon as it is changed.
     */
    public static boolean enabled(RealmModel realm) {
        RequiredActionProviderModel action = realm.getRequiredActionProviderByAlias(ACTION);
        return action != null && action.isEnabled();
    }

    /** Returns the realm's policy as it is stored; one that cannot be read is reported in the log. */
    public static RealmPolicy of(RealmModel realm) {
        StoredPolicy stored = stored(realm);
        PolicyError error = stored.error().orElse(null);
        if (error != null) {
            UnreadablePolicies.report(realm, error);
        }
        return new RealmPolicy(
                stored.holdersMakeKeys(),
                stored.trustedClients(),
                stored.maxLoginAge().orElse(Constants.KC_ACTION_MAX_AGE),
                stored.prefix().orElse("kck"),
                stored.maxKeysPerUser().orElse(100),
                stored.days(DEFAULT_EXPIRY).orElse(null),
                stored.days(LONGEST_EXPIRY).orElse(null),
                stored.flag(EXPIRY_REQUIRED),
                stored.flag(KEY_SESSIONS_MANAGE_KEYS),
                stored.flag(HOLDERS_EXCEED_LIMITS),
                stored.flag(KEYS_ADMINISTER),
                stored.lastUseResolution(),
                error != null || stored.isEmpty(RETENTION)
                        ? null
                        : stored.days(RETENTION).orElse(Duration.ofDays(30)),
                stored.days(REMINDER).orElse(null),
                error);
    }

    private static StoredPolicy stored(RealmModel realm) {
        return StoredPolicy.of(realm.getRequiredActionConfigByAlias(ACTION));
    }

    /** {@link #lastUseResolution()} alone, because every use of a key asks for it. */
    public static Duration lastUseResolution(RealmModel realm) {
        return stored(realm).lastUseResolution();
    }

    /** Returns whether key sessions of a realm may change credentials, e-mail addresses, usernames and identity links. */
    public static boolean keySessionsManageCredentials(RealmModel realm) {
        return stored(realm).flag(KEY_SESSIONS_MANAGE_CREDENTIALS);
    }

    /** Returns the paths below {@code /realms/{realm}} that requests for a key may use beside those of Keycloak itself. */
    public static List<String> admittedPaths(RealmModel realm) {
        return stored(realm).admittedPaths();
    }

    /** Returns of which changes by others a realm tells holders by e-mail. */
    public static Notices notices(RealmModel realm) {
        return stored(realm).notices();
    }

    /** {@link #keysAdminister()} alone, because every look at the roles of a key asks for it. */
    public static boolean keysAdminister(RealmModel realm) {
        return stored(realm).flag(KEYS_ADMINISTER);
    }

    /**
     * Returns what is wrong with a configuration that somebody wants to save.
     *
     * @param known the names of all settings of the required action
     * @return the first setting that cannot be taken; nothing if all is well
     */
    public static Optional<PolicyError> check(RequiredActionConfigModel config, Set<String> known) {
        StoredPolicy asked = StoredPolicy.of(config);
        return asked.unknown(known).or(asked::error);
    }

    /**
     * Refuses to make, or to prolong, keys by a policy that cannot be read, because it may have forbidden them.
     *
     * @throws InvalidKeyException if some setting cannot be read
     */
    public void requireReadable() throws InvalidKeyException {
        if (error != null) {
            throw InvalidKeyException.forbidden(
                    "apiKeyPolicyUnreadable",
                    "No API keys are made in this realm now, because its policy cannot be read: " + error.sentence()
                            + ". An administrator can correct it under Authentication > Required actions > Create API key.");
        }
    }

    /** Returns whether all settings can be read. */
    public boolean isReadable() {
        return error == null;
    }

    /** When a key ends of which nobody has said when; null for never. */
    public Instant usualExpiry(Instant now) {
        Duration usual = defaultExpiry == null ? longestExpiry : defaultExpiry;
        return usual == null ? null : now.plus(usual);
    }
}
