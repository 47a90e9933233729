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
import org.jspecify.annotations.Nullable;
import org.keycloak.models.Constants;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionConfigModel;
import org.keycloak.models.RequiredActionProviderModel;

/**
 * A realm's policy for all of its keys: the configuration of required action {@value #ACTION}, which the Admin Console edits
 * and the realm's export contains. A setting that is missing or empty has its default. While a setting cannot be read, no keys
 * are issued and no expired keys are deleted, and that setting allows nothing to existing keys.
 *
 * @param holdersMakeKeys whether users issue keys to themselves; otherwise only administrators issue keys
 * @param trustedClients ids of the clients through which users issue keys with all of their roles, even roles that the
 *     client's token lacks
 * @param maxLoginAge how long ago a user may have signed in to issue a key, in seconds
 * @param prefix the prefix of new keys; keys with an earlier prefix still work
 * @param maxKeysPerUser how many keys a user may have at a time; bounded, because one cache entry holds all keys of a user
 * @param defaultExpiry the lifetime of a key whose request sets none; null for unlimited
 * @param longestExpiry the longest lifetime of a key; null for unlimited
 * @param expiryRequired whether every key must expire
 * @param keySessionsManageKeys whether a session that was opened with a key may issue and change keys
 * @param holdersExceedLimits whether holders with a limited key may issue keys without limits
 * @param keysAdminister whether a key administers Keycloak even if its restrictions do not name administrative roles
 * @param lastUseResolution the times of last use are rounded down to a multiple of this
 * @param retention how long an expired key is kept; null until somebody deletes it
 * @param reminder how long before a key expires its holder is reminded; null for no reminders
 * @param error the first setting that cannot be read
 */
public record RealmPolicy(
        boolean holdersMakeKeys,
        Set<String> trustedClients,
        int maxLoginAge,
        String prefix,
        int maxKeysPerUser,
        @Nullable Duration defaultExpiry,
        @Nullable Duration longestExpiry,
        boolean expiryRequired,
        boolean keySessionsManageKeys,
        boolean holdersExceedLimits,
        boolean keysAdminister,
        Duration lastUseResolution,
        @Nullable Duration retention,
        @Nullable Duration reminder,
        @Nullable PolicyError error) {

    /** The required action whose configuration this is. */
    public static final String ACTION = "CREATE_API_KEY";

    /**
     * Returns whether keys are enabled in a realm: whether its required action {@value #ACTION} is registered and enabled.
     * Costs no query; a change takes effect on all nodes at once.
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
                error != null || stored.isKeptForever()
                        ? null
                        : stored.days(RETENTION).orElse(Duration.ofDays(30)),
                stored.days(REMINDER).orElse(null),
                error);
    }

    private static StoredPolicy stored(RealmModel realm) {
        return StoredPolicy.of(realm.getRequiredActionConfigByAlias(ACTION));
    }

    /** Returns {@link #lastUseResolution()} without reading the other settings, because every use of a key needs it. */
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

    /** Returns the changes by other users that a realm reports to holders by e-mail. */
    public static Notices notices(RealmModel realm) {
        return stored(realm).notices();
    }

    /** Returns where GitHub publishes the keys that sign its alerts; empty if a realm takes no alerts. */
    public static Optional<String> githubAlertKeys(RealmModel realm) {
        return stored(realm).githubAlertKeys();
    }

    /** Returns {@link #keysAdminister()} without reading the other settings, because every check of roles needs it. */
    public static boolean keysAdminister(RealmModel realm) {
        return stored(realm).flag(KEYS_ADMINISTER);
    }

    /**
     * Checks a configuration before it is saved.
     *
     * @param known the names of all settings of the required action
     * @return the first invalid setting; empty if there is none
     */
    public static Optional<PolicyError> check(RequiredActionConfigModel config, Set<String> known) {
        StoredPolicy asked = StoredPolicy.of(config);
        return asked.unknown(known).or(asked::error);
    }

    /**
     * Checks that the policy can be read. Keys are neither issued nor extended otherwise, because the policy may forbid it.
     *
     * @throws InvalidKeyException if a setting cannot be read
     */
    public void requireReadable() throws InvalidKeyException {
        if (error != null) {
            throw InvalidKeyException.forbidden(
                    "apiKeyPolicyUnreadable",
                    "This realm issues no API keys at the moment, because its policy cannot be read: "
                            + error.sentence()
                            + ". An administrator can correct it under Authentication > Required actions > Create API key.");
        }
    }

    /** Returns whether all settings can be read. */
    public boolean isReadable() {
        return error == null;
    }

    /** Returns the end of a key whose request sets none; null for never. */
    public @Nullable Instant usualExpiry(Instant now) {
        Duration usual = defaultExpiry == null ? longestExpiry : defaultExpiry;
        return usual == null ? null : now.plus(usual);
    }
}
