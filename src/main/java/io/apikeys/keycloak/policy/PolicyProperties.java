package io.apikeys.keycloak.policy;

import java.util.List;
import org.keycloak.models.Constants;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/** The settings of a realm's policy, as the Admin Console asks for them. */
public final class PolicyProperties {

    static final String MAKERS = "who-makes-keys";
    static final String TRUSTED_CLIENTS = "trusted-clients";
    static final String PREFIX = "prefix";
    static final String MAX_KEYS = "max-keys-per-user";
    static final String DEFAULT_EXPIRY = "default-expiry-days";
    static final String LONGEST_EXPIRY = "longest-expiry-days";
    static final String EXPIRY_REQUIRED = "expiry-required";
    static final String KEY_SESSIONS_MANAGE_KEYS = "key-sessions-manage-keys";
    static final String KEY_SESSIONS_MANAGE_CREDENTIALS = "key-sessions-manage-credentials";
    static final String HOLDERS_EXCEED_LIMITS = "holders-exceed-limits";
    static final String KEYS_ADMINISTER = "keys-administer";
    static final String ADMITTED_PATHS = "admitted-paths";
    static final String LAST_USE_RESOLUTION = "last-use-resolution-seconds";
    static final String RETENTION = "retention-days";
    static final String REMINDER = "reminder-days";
    static final String NOTICES = "notices";
    static final String GITHUB_ALERT_KEYS = "github-alert-keys";

    static final String HOLDERS_TOO = "holders-and-administrators";
    static final List<String> ALL_MAKERS = List.of(HOLDERS_TOO, "administrators");

    static final String ACCOUNT_CONSOLE = Constants.ACCOUNT_CONSOLE_CLIENT_ID;

    static final int MOST_KEYS = 1000;

    /** The value of the retention that keeps expired keys. The Admin Console cannot store an empty value. */
    static final String NEVER = "never";

    /** The value of the trusted clients that trusts none. */
    static final String NONE = "none";

    /** All settings but those that Keycloak adds to every required action. */
    public static final List<ProviderConfigProperty> ALL = ProviderConfigurationBuilder.create()
            .property(new ProviderConfigProperty(
                    MAKERS,
                    "Who creates keys",
                    "Whether users create keys for themselves, or only administrators create keys. In both cases users can "
                            + "list, rename, disable, restrict and revoke their own keys.",
                    ProviderConfigProperty.LIST_TYPE,
                    HOLDERS_TOO,
                    ALL_MAKERS.toArray(String[]::new)))
            .property(property(
                    TRUSTED_CLIENTS,
                    "Clients trusted to create keys",
                    "Client IDs, separated by commas, through which users create keys with all of their roles. Through any "
                            + "other client, a key gets at most the roles in that client's token. The word none for no client.",
                    ProviderConfigProperty.STRING_TYPE,
                    ACCOUNT_CONSOLE))
            .property(property(
                    PREFIX,
                    "Prefix",
                    "The first characters of new keys: a lower-case letter, then 1 to 11 lower-case letters or digits. Secret "
                            + "scanners find keys by it.",
                    ProviderConfigProperty.STRING_TYPE,
                    "kck"))
            .property(number(MAX_KEYS, "Maximum keys per user", "From 1 to " + MOST_KEYS + ".", "100"))
            .property(number(
                    DEFAULT_EXPIRY,
                    "Default expiry (days)",
                    "The lifetime of a key if the request does not set one. Empty: the longest expiry.",
                    ""))
            .property(number(
                    LONGEST_EXPIRY,
                    "Longest expiry (days)",
                    "The longest lifetime that a key may have. Empty: no limit.",
                    ""))
            .property(property(
                    EXPIRY_REQUIRED,
                    "Expiry required",
                    "Whether every key must expire.",
                    ProviderConfigProperty.BOOLEAN_TYPE,
                    "false"))
            .property(property(
                    KEY_SESSIONS_MANAGE_KEYS,
                    "Key sessions may manage keys",
                    "Whether a session that was opened with an API key may create, change and rotate keys, none of which has "
                            + "more rights or expires later than that key, and whether a key may rotate itself. A stolen key can then "
                            + "create its own successor.",
                    ProviderConfigProperty.BOOLEAN_TYPE,
                    "false"))
            .property(property(
                    HOLDERS_EXCEED_LIMITS,
                    "Holders may exceed limits",
                    "Whether users may create keys without limits after an administrator has limited one of their keys. "
                            + "Otherwise their new keys count together with the limited one.",
                    ProviderConfigProperty.BOOLEAN_TYPE,
                    "false"))
            .property(property(
                    KEY_SESSIONS_MANAGE_CREDENTIALS,
                    "Key sessions may manage credentials",
                    "Whether users who signed in with an API key may change their password and other credentials, e-mail "
                            + "address, username and linked identities. A stolen key can then take over the account permanently.",
                    ProviderConfigProperty.BOOLEAN_TYPE,
                    "false"))
            .property(property(
                    ADMITTED_PATHS,
                    "Paths that keys may use",
                    "Paths of other extensions below /realms/{realm}, separated by commas, such as my-extension/orders. "
                            + "Requests with an API key, or with a token of one, may use them and everything below them. Any other path "
                            + "that this extension does not know is refused.",
                    ProviderConfigProperty.STRING_TYPE,
                    ""))
            .property(property(
                    KEYS_ADMINISTER,
                    "Keys may administer Keycloak",
                    "Whether the key of an administrator may administer Keycloak even if its restrictions do not name the "
                            + "administrative roles.",
                    ProviderConfigProperty.BOOLEAN_TYPE,
                    "false"))
            .property(number(
                    LAST_USE_RESOLUTION,
                    "Resolution of last use (seconds)",
                    "The time of the last use of a key is rounded down to a multiple of this. 86400 for whole days.",
                    "1"))
            .property(number(
                    RETENTION,
                    "Retention (days)",
                    "How long an expired key stays listed before it is deleted. The word never to keep it until somebody "
                            + "deletes it.",
                    "30"))
            .property(number(
                    REMINDER,
                    "Reminder (days)",
                    "How long before a key expires its holder is reminded, at a verified e-mail address. No reminder is sent "
                            + "for a key whose whole lifetime is shorter than twice this time. Empty: no reminders.",
                    ""))
            .property(new ProviderConfigProperty(
                    NOTICES,
                    "E-mails about changes",
                    "Of which changes to their keys by somebody else users are told by e-mail, at a verified address: that keys "
                            + "were revoked, rotated or disabled, or also that keys were issued, or none.",
                    ProviderConfigProperty.LIST_TYPE,
                    Notices.ENDED.value(),
                    Notices.VALUES.toArray(String[]::new)))
            .property(property(
                    GITHUB_ALERT_KEYS,
                    "Keys of GitHub's alerts",
                    "Where GitHub publishes the keys that sign its alerts about leaked secrets: "
                            + "https://api.github.com/meta/public_keys/secret_scanning. Keys that GitHub reports at "
                            + "/realms/{realm}/api-keys/alerts/github are then revoked. Empty: no alerts are taken.",
                    ProviderConfigProperty.STRING_TYPE,
                    ""))
            .build();

    private static ProviderConfigProperty number(String name, String label, String help, String initial) {
        return property(name, label, help, ProviderConfigProperty.STRING_TYPE, initial);
    }

    private static ProviderConfigProperty property(
            String name, String label, String help, String type, String initial) {
        return new ProviderConfigProperty(name, label, help, type, initial);
    }

    private PolicyProperties() {}
}
