package io.apikeys.keycloak.policy;

import static io.apikeys.keycloak.policy.PolicyProperties.ACCOUNT_CONSOLE;
import static io.apikeys.keycloak.policy.PolicyProperties.ADMITTED_PATHS;
import static io.apikeys.keycloak.policy.PolicyProperties.ALL_MAKERS;
import static io.apikeys.keycloak.policy.PolicyProperties.DEFAULT_EXPIRY;
import static io.apikeys.keycloak.policy.PolicyProperties.EXPIRY_REQUIRED;
import static io.apikeys.keycloak.policy.PolicyProperties.GITHUB_ALERT_KEYS;
import static io.apikeys.keycloak.policy.PolicyProperties.HOLDERS_EXCEED_LIMITS;
import static io.apikeys.keycloak.policy.PolicyProperties.HOLDERS_TOO;
import static io.apikeys.keycloak.policy.PolicyProperties.KEYS_ADMINISTER;
import static io.apikeys.keycloak.policy.PolicyProperties.KEY_SESSIONS_MANAGE_CREDENTIALS;
import static io.apikeys.keycloak.policy.PolicyProperties.KEY_SESSIONS_MANAGE_KEYS;
import static io.apikeys.keycloak.policy.PolicyProperties.LAST_USE_RESOLUTION;
import static io.apikeys.keycloak.policy.PolicyProperties.LONGEST_EXPIRY;
import static io.apikeys.keycloak.policy.PolicyProperties.MAKERS;
import static io.apikeys.keycloak.policy.PolicyProperties.MAX_KEYS;
import static io.apikeys.keycloak.policy.PolicyProperties.MOST_KEYS;
import static io.apikeys.keycloak.policy.PolicyProperties.NEVER;
import static io.apikeys.keycloak.policy.PolicyProperties.NONE;
import static io.apikeys.keycloak.policy.PolicyProperties.NOTICES;
import static io.apikeys.keycloak.policy.PolicyProperties.PREFIX;
import static io.apikeys.keycloak.policy.PolicyProperties.REMINDER;
import static io.apikeys.keycloak.policy.PolicyProperties.RETENTION;
import static io.apikeys.keycloak.policy.PolicyProperties.TRUSTED_CLIENTS;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.Constants;
import org.keycloak.models.RequiredActionConfigModel;

/**
 * A realm's policy as it is stored, setting by setting. A setting that is missing, or empty, has its default. Of one that cannot be read,
 * whatever it may allow is not allowed.
 */
record StoredPolicy(RequiredActionConfigModel config) {

    private static final Pattern PREFIX_FORM = Pattern.compile("[a-z][a-z0-9]{1,11}");
    private static final Pattern SURROUNDING_SLASHES = Pattern.compile("^/+|/+$");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");
    private static final Pattern PATH_FORM = Pattern.compile("(?!\\.)[A-Za-z0-9._~-]+(/(?!\\.)[A-Za-z0-9._~-]+)*");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,10}");
    private static final Pattern COMMA = Pattern.compile(",");

    /** HTTPS, or this machine itself. */
    private static final Pattern SECURE_ADDRESS =
            Pattern.compile("(https://[A-Za-z0-9]|http://(localhost|127\\.0\\.0\\.1|\\[::1])[:/])[!-~]*");

    private static final Set<String> FLAGS = Set.of("", "true", "false");
    private static final int LONGEST_DAYS = 36_500;
    private static final int DAY_SECONDS = 86_400;

    static StoredPolicy of(@Nullable RequiredActionConfigModel config) {
        return new StoredPolicy(config == null ? new RequiredActionConfigModel() : config);
    }

    /** Returns the first setting that cannot be read; nothing if all can. */
    Optional<PolicyError> error() {
        return Stream.of(
                        error(MAKERS, value(MAKERS).isEmpty() || ALL_MAKERS.contains(value(MAKERS)), makersRule()),
                        error(
                                Constants.MAX_AUTH_AGE_KEY,
                                config.getConfigValue(Constants.MAX_AUTH_AGE_KEY) == null
                                        || maxLoginAge().isPresent(),
                                "must be a number of seconds"),
                        error(
                                PREFIX,
                                isReadable(PREFIX, prefix()),
                                "must be a lower-case letter and 1 to 11 lower-case letters or digits"),
                        error(MAX_KEYS, isReadable(MAX_KEYS, maxKeysPerUser()), "must be from 1 to " + MOST_KEYS),
                        daysError(DEFAULT_EXPIRY),
                        daysError(LONGEST_EXPIRY),
                        error(
                                RETENTION,
                                isKeptForever() || isReadable(RETENTION, days(RETENTION)),
                                "must be from 1 to " + LONGEST_DAYS + ", or " + NEVER),
                        daysError(REMINDER),
                        error(
                                NOTICES,
                                isReadable(NOTICES, Notices.of(value(NOTICES))),
                                "must be one of " + String.join(", ", Notices.VALUES)),
                        error(
                                GITHUB_ALERT_KEYS,
                                value(GITHUB_ALERT_KEYS).isEmpty()
                                        || githubAlertKeys().isPresent(),
                                "must be an https address"),
                        flagError(EXPIRY_REQUIRED),
                        flagError(KEY_SESSIONS_MANAGE_KEYS),
                        flagError(KEY_SESSIONS_MANAGE_CREDENTIALS),
                        flagError(HOLDERS_EXCEED_LIMITS),
                        flagError(KEYS_ADMINISTER),
                        error(
                                ADMITTED_PATHS,
                                paths().allMatch(PATH_FORM.asMatchPredicate()),
                                "must be paths such as my-extension/orders, separated by commas, without wildcards"),
                        error(
                                LAST_USE_RESOLUTION,
                                isReadable(LAST_USE_RESOLUTION, lastUseSeconds()),
                                "must be from 1 to " + DAY_SECONDS),
                        error(DEFAULT_EXPIRY, isDefaultWithinLongest(), "may not be longer than the longest expiry"))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Returns the first setting that nobody knows, if it is not one of those that Keycloak adds. */
    Optional<PolicyError> unknown(Set<String> known) {
        return config.getConfig() == null
                ? Optional.empty()
                : config.getConfig().keySet().stream()
                        .filter(name -> !known.contains(name))
                        .sorted()
                        .findFirst()
                        .map(name -> new PolicyError(name, "is no setting of the policy for API keys"));
    }

    private static Optional<PolicyError> error(String setting, boolean readable, String rule) {
        return readable ? Optional.empty() : Optional.of(new PolicyError(setting, rule));
    }

    private static String makersRule() {
        return "must be one of " + String.join(", ", ALL_MAKERS);
    }

    private Optional<PolicyError> daysError(String name) {
        return error(name, isReadable(name, days(name)), "must be from 1 to " + LONGEST_DAYS + ", or empty");
    }

    private Optional<PolicyError> flagError(String name) {
        return error(name, FLAGS.contains(value(name).toLowerCase(Locale.ROOT)), "must be true or false");
    }

    private boolean isReadable(String name, Optional<?> read) {
        return value(name).isEmpty() || read.isPresent();
    }

    private boolean isDefaultWithinLongest() {
        Optional<Duration> longest = days(LONGEST_EXPIRY);
        return longest.isEmpty()
                || days(DEFAULT_EXPIRY)
                        .filter(usual -> usual.compareTo(longest.get()) > 0)
                        .isEmpty();
    }

    private String value(String name) {
        return config.getConfigValue(name, "").strip();
    }

    /** Returns whether expired keys are kept until somebody deletes them. */
    boolean isKeptForever() {
        return isEmpty(RETENTION) || value(RETENTION).equalsIgnoreCase(NEVER);
    }

    private boolean isEmpty(String name) {
        return config.containsConfigKey(name) && value(name).isEmpty();
    }

    private Optional<String> text(String name, Pattern form) {
        return Optional.of(value(name)).filter(form.asMatchPredicate());
    }

    private Optional<Integer> number(String name, int least, int most) {
        return text(name, NUMBER).map(Integer::valueOf).filter(number -> number >= least && number <= most);
    }

    Optional<String> prefix() {
        return text(PREFIX, PREFIX_FORM);
    }

    Optional<Integer> maxKeysPerUser() {
        return number(MAX_KEYS, 1, MOST_KEYS);
    }

    Optional<Duration> days(String name) {
        return number(name, 1, LONGEST_DAYS).map(Duration::ofDays);
    }

    boolean flag(String name) {
        return Boolean.parseBoolean(value(name));
    }

    boolean holdersMakeKeys() {
        return value(MAKERS).isEmpty() || value(MAKERS).equals(HOLDERS_TOO);
    }

    Set<String> trustedClients() {
        if (isEmpty(TRUSTED_CLIENTS) || value(TRUSTED_CLIENTS).equalsIgnoreCase(NONE)) {
            return Set.of();
        }
        String ids = config.getConfigValue(TRUSTED_CLIENTS, ACCOUNT_CONSOLE);
        return COMMA.splitAsStream(ids)
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** As Keycloak reads it for its pages ({@code RequiredActionProvider.getMaxAuthAge}), which fail over anything but a number. */
    Optional<Integer> maxLoginAge() {
        return Optional.ofNullable(config.getConfigValue(Constants.MAX_AUTH_AGE_KEY))
                .filter(SECONDS.asMatchPredicate())
                .map(Long::valueOf)
                .filter(seconds -> seconds <= Integer.MAX_VALUE)
                .map(Long::intValue);
    }

    /** Returns the default if the setting cannot be read: holders are told rather than not. */
    Notices notices() {
        return Notices.of(value(NOTICES)).orElse(Notices.ENDED);
    }

    /** Returns the address of the keys with which GitHub signs alerts; empty if none is set or it is not secure. */
    Optional<String> githubAlertKeys() {
        return Optional.of(value(GITHUB_ALERT_KEYS)).filter(SECURE_ADDRESS.asMatchPredicate());
    }

    private Stream<String> paths() {
        return COMMA.splitAsStream(value(ADMITTED_PATHS))
                .map(path -> SURROUNDING_SLASHES.matcher(path.strip()).replaceAll(""))
                .filter(path -> !path.isEmpty());
    }

    List<String> admittedPaths() {
        return paths().filter(PATH_FORM.asMatchPredicate()).toList();
    }

    private Optional<Integer> lastUseSeconds() {
        return number(LAST_USE_RESOLUTION, 1, DAY_SECONDS);
    }

    /** Returns a day if the setting cannot be read, which tells the least. */
    Duration lastUseResolution() {
        int unlessRead = value(LAST_USE_RESOLUTION).isEmpty() ? 1 : DAY_SECONDS;
        return Duration.ofSeconds(lastUseSeconds().orElse(unlessRead));
    }
}
