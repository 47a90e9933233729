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

    static final String HOLDERS_TOO = "holders-and-administrators";
    static final List<String> ALL_MAKERS = List.of(HOLDERS_TOO, "administrators");

    static final String ACCOUNT_CONSOLE = Constants.ACCOUNT_CONSOLE_CLIENT_ID;

    static final int MOST_KEYS = 1000;

    /** All settings but those that Keycloak adds to every required action. */
    public static final List<ProviderConfigProperty> ALL = ProviderConfigurationBuilder.create()
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
                    "Of which changes to their keys by somebody else users are told by e-mail, at a verified address: that keys "
                            + "were revoked, rotated or disabled, or also that keys were issued, or none.",
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

    private PolicyProperties() {}
}
