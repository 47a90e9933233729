package io.apikeys.keycloak.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.models.Constants;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionConfigModel;
import org.keycloak.models.RequiredActionProviderModel;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * What a realm settles about all of its keys: the configuration of required action {@value #ACTION}, which the Admin
 * Console edits and the realm's export holds. A setting that is missing, or empty, has its default.
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
        Duration reminder) {

    /** The required action whose configuration this is. */
    public static final String ACTION = "CREATE_API_KEY";

    private static final String MAKERS = "who-makes-keys";
    private static final String TRUSTED_CLIENTS = "trusted-clients";
    private static final String PREFIX = "prefix";
    private static final String MAX_KEYS = "max-keys-per-user";
    private static final String DEFAULT_EXPIRY = "default-expiry-days";
    private static final String LONGEST_EXPIRY = "longest-expiry-days";
    private static final String EXPIRY_REQUIRED = "expiry-required";
    private static final String KEY_SESSIONS_MANAGE_KEYS = "key-sessions-manage-keys";
    private static final String KEY_SESSIONS_MANAGE_CREDENTIALS = "key-sessions-manage-credentials";
    private static final String HOLDERS_EXCEED_LIMITS = "holders-exceed-limits";
    private static final String KEYS_ADMINISTER = "keys-administer";
    private static final String ADMITTED_PATHS = "admitted-paths";
    private static final String LAST_USE_RESOLUTION = "last-use-resolution-seconds";
    private static final String RETENTION = "retention-days";
    private static final String REMINDER = "reminder-days";
    private static final String NOTICES = "notices";

    private static final String HOLDERS_TOO = "holders-and-administrators";
    private static final List<String> ALL_MAKERS = List.of(HOLDERS_TOO, "administrators");

    private static final String ACCOUNT_CONSOLE = Constants.ACCOUNT_CONSOLE_CLIENT_ID;

    private static final Pattern PREFIX_FORM = Pattern.compile("[a-z][a-z0-9]{1,11}");
    private static final Pattern SURROUNDING_SLASHES = Pattern.compile("^/+|/+$");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");
    private static final Pattern PATH_FORM = Pattern.compile("(?!\\.)[A-Za-z0-9._~-]+(/(?!\\.)[A-Za-z0-9._~-]+)*");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
    private static final Pattern COMMA = Pattern.compile(",");
    private static final int MOST_KEYS = 1000;
    private static final int LONGEST_DAYS = 36_500;
    private static final int DAY_SECONDS = 86_400;

    /** What the Admin Console asks for. */
    public static final List<ProviderConfigProperty> PROPERTIES = ProviderConfigurationBuilder.create()
            .property(new ProviderConfigProperty(
                    MAKERS,
                    "Who makes keys",
                    "Whether users make keys for themselves, or only administrators make keys. Either way users can list, "
                            + "rename, disable, narrow and revoke their own.",
                    ProviderConfigProperty.LIST_TYPE,
                    HOLDERS_TOO,
                    ALL_MAKERS.toArray(String[]::new)))
            .property(property(
                    TRUSTED_CLIENTS,
                    "Clients trusted to make keys",
                    "Ids of clients, separated by commas, through which users make keys with all of their roles. Through any "
                            + "other client a key gets at most the roles that the client's token shows. Empty: none.",
                    ProviderConfigProperty.STRING_TYPE,
                    ACCOUNT_CONSOLE))
            .property(property(
                    PREFIX,
                    "Prefix",
                    "What new keys begin with: a lower-case letter, then 1 to 11 lower-case letters or digits. Secret scanners "
                            + "find keys by it.",
                    ProviderConfigProperty.STRING_TYPE,
                    "kck"))
            .property(number(MAX_KEYS, "Most keys per user", "From 1 to " + MOST_KEYS + ".", "100"))
            .property(number(
                    DEFAULT_EXPIRY,
                    "Default expiry (days)",
                    "How long a key lives of which nobody says how long. Empty: as long as it may.",
                    ""))
            .property(number(
                    LONGEST_EXPIRY, "Longest expiry (days)", "How long a key may live. Empty: without an end.", ""))
            .property(property(
                    EXPIRY_REQUIRED,
                    "Expiry required",
                    "Whether every key has to have an end.",
                    ProviderConfigProperty.BOOLEAN_TYPE,
                    "false"))
            .property(property(
                    KEY_SESSIONS_MANAGE_KEYS,
                    "Key sessions may manage keys",
                    "Whether a session that was opened with an API key may issue, change and rotate keys, none of which has more "
                            + "rights or expires later than that key; and whether a key may rotate itself, to one that lives no longer "
                            + "than it was issued for. A stolen key can then issue a successor.",
                    ProviderConfigProperty.BOOLEAN_TYPE,
                    "false"))
            .property(property(
                    HOLDERS_EXCEED_LIMITS,
                    "Holders may exceed limits",
                    "Whether a user whose key an administrator has limited may make keys without limits. Otherwise such a user's "
                            + "new keys count together with the limited one.",
                    ProviderConfigProperty.BOOLEAN_TYPE,
                    "false"))
            .property(property(
                    KEY_SESSIONS_MANAGE_CREDENTIALS,
                    "Key sessions may manage credentials",
                    "Whether somebody who has signed in with an API key may change passwords and other credentials, e-mail "
                            + "addresses, usernames and linked identities. A stolen key can then take over the account for good.",
                    ProviderConfigProperty.BOOLEAN_TYPE,
                    "false"))
            .property(property(
                    ADMITTED_PATHS,
                    "Paths that keys may use",
                    "Paths of other extensions below /realms/{realm}, separated by commas, which requests that act for an API "
                            + "key may use with everything below them, such as my-extension/orders. Any other path that this "
                            + "extension does not know is refused to them.",
                    ProviderConfigProperty.STRING_TYPE,
                    ""))
            .property(property(
                    KEYS_ADMINISTER,
                    "Keys may administer Keycloak",
                    "Whether an administrator's key administers Keycloak although its restrictions do not name the roles.",
                    ProviderConfigProperty.BOOLEAN_TYPE,
                    "false"))
            .property(number(
                    LAST_USE_RESOLUTION,
                    "Resolution of last use (seconds)",
                    "What the time at which a key was last used is rounded down to. A day is 86400.",
                    "1"))
            .property(number(
                    RETENTION,
                    "Retention (days)",
                    "How long an expired key is still listed before it is deleted. Empty: until somebody deletes it.",
                    "30"))
            .property(number(
                    REMINDER,
                    "Reminder (days)",
                    "How long before the end of a key its holder is reminded, at a verified e-mail address. Keys that live "
                            + "shorter than twice as long are not reminded of. Empty: not at all.",
                    ""))
            .property(new ProviderConfigProperty(
                    NOTICES,
                    "E-mails about changes",
                    "Of what users are told by e-mail, at a verified address, when somebody else does it to their keys: that they "
                            + "were revoked, rotated or disabled, and also that new ones were issued, or nothing.",
                    ProviderConfigProperty.LIST_TYPE,
                    Notices.ENDED.value(),
                    Notices.VALUES.toArray(String[]::new)))
            .build();

    private static ProviderConfigProperty number(String name, String label, String help, String initial) {
        return property(name, label, help, ProviderConfigProperty.STRING_TYPE, initial);
    }

    private static ProviderConfigProperty property(
            String name, String label, String help, String type, String initial) {
        return new ProviderConfigProperty(name, label, help, type, initial);
    }

    /**
     * Returns whether a realm has keys at all: only where its required action {@value #ACTION} is registered and enabled.
     * Elsewhere every door answers as if there were none. Costs no query, and holds on all nodes as soon as it is changed.
     */
    public static boolean enabled(RealmModel realm) {
        RequiredActionProviderModel action = realm.getRequiredActionProviderByAlias(ACTION);
        return action != null && action.isEnabled();
    }

    /** The realm's policy as it is stored. What cannot be read, because a realm was imported with it, has its default. */
    public static RealmPolicy of(RealmModel realm) {
        RequiredActionConfigModel config = realm.getRequiredActionConfigByAlias(ACTION);
        Settings settings = new Settings(config == null ? new RequiredActionConfigModel() : config);
        return new RealmPolicy(
                settings.holdersMakeKeys(),
                settings.trustedClients(),
                settings.maxLoginAge(),
                settings.text(PREFIX, PREFIX_FORM).orElse("kck"),
                settings.number(MAX_KEYS, 1, MOST_KEYS).orElse(100),
                settings.days(DEFAULT_EXPIRY).orElse(null),
                settings.days(LONGEST_EXPIRY).orElse(null),
                settings.flag(EXPIRY_REQUIRED),
                settings.flag(KEY_SESSIONS_MANAGE_KEYS),
                settings.flag(HOLDERS_EXCEED_LIMITS),
                settings.flag(KEYS_ADMINISTER),
                settings.lastUseResolution(),
                settings.isEmpty(RETENTION) ? null : settings.days(RETENTION).orElse(Duration.ofDays(30)),
                settings.days(REMINDER).orElse(null));
    }

    /** {@link #lastUseResolution()} alone, because every use of a key asks for it. */
    public static Duration lastUseResolution(RealmModel realm) {
        RequiredActionConfigModel config = realm.getRequiredActionConfigByAlias(ACTION);
        return config == null ? Duration.ofSeconds(1) : new Settings(config).lastUseResolution();
    }

    /** Returns whether key sessions of a realm may change credentials, e-mail addresses, usernames and identity links. */
    public static boolean keySessionsManageCredentials(RealmModel realm) {
        RequiredActionConfigModel config = realm.getRequiredActionConfigByAlias(ACTION);
        return config != null && new Settings(config).flag(KEY_SESSIONS_MANAGE_CREDENTIALS);
    }

    /** Returns the paths below {@code /realms/{realm}} that requests for a key may use beside those of Keycloak itself. */
    public static List<String> admittedPaths(RealmModel realm) {
        RequiredActionConfigModel config = realm.getRequiredActionConfigByAlias(ACTION);
        return config == null ? List.of() : new Settings(config).paths(ADMITTED_PATHS);
    }

    /** Returns of what a realm tells holders by e-mail. A value that is not known has the default. */
    public static Notices notices(RealmModel realm) {
        RequiredActionConfigModel config = realm.getRequiredActionConfigByAlias(ACTION);
        return config == null
                ? Notices.ENDED
                : Notices.of(new Settings(config).value(NOTICES)).orElse(Notices.ENDED);
    }

    /** {@link #keysAdminister()} alone, because every look at the roles of a key asks for it. */
    public static boolean keysAdminister(RealmModel realm) {
        RequiredActionConfigModel config = realm.getRequiredActionConfigByAlias(ACTION);
        return config != null && new Settings(config).flag(KEYS_ADMINISTER);
    }

    /**
     * Says what is wrong with a configuration that somebody wants to save.
     *
     * @return the name of the first setting that cannot be taken, and why; nothing if all is well
     */
    public static Optional<Wrong> check(RequiredActionConfigModel config) {
        Settings settings = new Settings(config);
        if (!settings.value(MAKERS).isEmpty() && !ALL_MAKERS.contains(settings.value(MAKERS))) {
            return Optional.of(new Wrong(MAKERS, "has to be one of " + String.join(", ", ALL_MAKERS)));
        }
        if (settings.isWrong(NOTICES, Notices.of(settings.value(NOTICES)))) {
            return Optional.of(new Wrong(NOTICES, "has to be one of " + String.join(", ", Notices.VALUES)));
        }
        if (settings.isWrong(PREFIX, settings.text(PREFIX, PREFIX_FORM))) {
            return Optional.of(
                    new Wrong(PREFIX, "has to be a lower-case letter and 1 to 11 lower-case letters or digits"));
        }
        if (settings.isWrong(MAX_KEYS, settings.number(MAX_KEYS, 1, MOST_KEYS))) {
            return Optional.of(new Wrong(MAX_KEYS, "has to be from 1 to " + MOST_KEYS));
        }
        for (String name : List.of(DEFAULT_EXPIRY, LONGEST_EXPIRY, RETENTION, REMINDER)) {
            if (settings.isWrong(name, settings.days(name))) {
                return Optional.of(new Wrong(name, "has to be from 1 to " + LONGEST_DAYS + ", or empty"));
            }
        }
        if (settings.paths(ADMITTED_PATHS).stream()
                .anyMatch(path -> !PATH_FORM.matcher(path).matches())) {
            return Optional.of(new Wrong(
                    ADMITTED_PATHS,
                    "has to be paths such as my-extension/orders, separated by commas, without wildcards"));
        }
        if (settings.isWrong(LAST_USE_RESOLUTION, settings.number(LAST_USE_RESOLUTION, 1, DAY_SECONDS))) {
            return Optional.of(new Wrong(LAST_USE_RESOLUTION, "has to be from 1 to " + DAY_SECONDS));
        }
        Optional<Duration> usual = settings.days(DEFAULT_EXPIRY);
        Optional<Duration> longest = settings.days(LONGEST_EXPIRY);
        if (usual.isPresent() && longest.isPresent() && usual.get().compareTo(longest.get()) > 0) {
            return Optional.of(new Wrong(DEFAULT_EXPIRY, "may not be longer than the longest expiry"));
        }
        return Optional.empty();
    }

    /**
     * A setting that cannot be taken.
     *
     * @param setting its name
     * @param why ends a sentence that begins with its name
     */
    public record Wrong(String setting, String why) {}

    /** When a key ends of which nobody has said when; null for never. */
    public Instant usualExpiry(Instant now) {
        Duration usual = defaultExpiry == null ? longestExpiry : defaultExpiry;
        return usual == null ? null : now.plus(usual);
    }

    private record Settings(RequiredActionConfigModel config) {

        private String value(String name) {
            return config.getConfigValue(name, "").strip();
        }

        boolean isEmpty(String name) {
            return config.containsConfigKey(name) && value(name).isEmpty();
        }

        boolean isWrong(String name, Optional<?> read) {
            return !value(name).isEmpty() && read.isEmpty();
        }

        Optional<String> text(String name, Pattern form) {
            return Optional.of(value(name)).filter(form.asMatchPredicate());
        }

        Optional<Integer> number(String name, int least, int most) {
            return text(name, NUMBER).map(Integer::valueOf).filter(number -> number >= least && number <= most);
        }

        Optional<Duration> days(String name) {
            return number(name, 1, LONGEST_DAYS).map(Duration::ofDays);
        }

        List<String> paths(String name) {
            return Stream.of(value(name).split(","))
                    .map(path -> SURROUNDING_SLASHES.matcher(path.strip()).replaceAll(""))
                    .filter(path -> !path.isEmpty())
                    .toList();
        }

        Duration lastUseResolution() {
            return Duration.ofSeconds(
                    number(LAST_USE_RESOLUTION, 1, DAY_SECONDS).orElse(1));
        }

        /** A value that is not known, because a realm was imported with it, stands for the narrower one. */
        boolean holdersMakeKeys() {
            return value(MAKERS).isEmpty() || value(MAKERS).equals(HOLDERS_TOO);
        }

        Set<String> trustedClients() {
            String ids = isEmpty(TRUSTED_CLIENTS) ? "" : config.getConfigValue(TRUSTED_CLIENTS, ACCOUNT_CONSOLE);
            return COMMA.splitAsStream(ids)
                    .map(String::strip)
                    .filter(id -> !id.isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
        }

        /** As Keycloak reads it for its pages ({@code RequiredActionProvider.getMaxAuthAge}). */
        int maxLoginAge() {
            return text(Constants.MAX_AUTH_AGE_KEY, SECONDS)
                    .map(Integer::valueOf)
                    .orElse(Constants.KC_ACTION_MAX_AGE);
        }

        boolean flag(String name) {
            return Boolean.parseBoolean(value(name));
        }
    }
}
