package io.apikeys.keycloak.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.models.RequiredActionConfigModel;

/** What stands in the configuration of the required action, read setting by setting. */
class StoredPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "who-makes-keys, everybody",
        "who-makes-keys, HOLDERS-AND-ADMINISTRATORS",
        "max_auth_age, abc",
        "max_auth_age, -1",
        "max_auth_age, ' 300'",
        "max_auth_age, ''",
        "max_auth_age, 2147483648",
        "max_auth_age, 99999999999",
        "prefix, A",
        "prefix, kck_",
        "max-keys-per-user, 0",
        "max-keys-per-user, 1e3",
        "max-keys-per-user, 9999999999",
        "default-expiry-days, 30 days",
        "longest-expiry-days, -1",
        "longest-expiry-days, 0",
        "longest-expiry-days, 30d",
        "longest-expiry-days, 1.5",
        "longest-expiry-days, ٣٠",
        "longest-expiry-days, null",
        "retention-days, always",
        "reminder-days, 36501",
        "expiry-required, yes",
        "expiry-required, 1",
        "key-sessions-manage-keys, on",
        "key-sessions-manage-credentials, on",
        "holders-exceed-limits, ja",
        "keys-administer, '[]'",
        "admitted-paths, *",
        "admitted-paths, 'orders, ../admin'",
        "last-use-resolution-seconds, 0",
    })
    void nonsenseIsFound(String setting, String value) {
        assertThat(of(Map.of(setting, value)).error())
                .hasValueSatisfying(error -> assertThat(error.setting()).isEqualTo(setting));
    }

    @ParameterizedTest
    @CsvSource({
        "who-makes-keys, administrators",
        "who-makes-keys, ''",
        "max_auth_age, 0",
        "max_auth_age, 2147483647",
        "trusted-clients, ''",
        "trusted-clients, none",
        "retention-days, never",
        "prefix, ' acme '",
        "max-keys-per-user, 1000",
        "longest-expiry-days, 36500",
        "longest-expiry-days, ''",
        "expiry-required, TRUE",
        "expiry-required, ''",
        "admitted-paths, '/orders/, stock/items'",
        "last-use-resolution-seconds, 86400",
    })
    void whatMakesSenseIsTaken(String setting, String value) {
        assertThat(of(Map.of(setting, value)).error()).isEmpty();
    }

    @Test
    void theDefaultMayNotExceedTheLongest() {
        assertThat(of(Map.of("default-expiry-days", "10", "longest-expiry-days", "9"))
                        .error())
                .hasValueSatisfying(error -> assertThat(error.setting()).isEqualTo("default-expiry-days"));
    }

    @Test
    void nothingIsTheDefault() {
        assertThat(StoredPolicy.of(null).error()).isEmpty();
        RequiredActionConfigModel removed = new RequiredActionConfigModel();
        removed.setConfig(null);
        assertThat(StoredPolicy.of(removed).error()).isEmpty();
        assertThat(StoredPolicy.of(removed).unknown(Set.of())).isEmpty();
        Map<String, String> nulls = new HashMap<>();
        PolicyProperties.ALL.forEach(property -> nulls.put(property.getName(), null));
        nulls.put("max_auth_age", null);
        assertThat(nulls).isNotEmpty();
        assertThat(of(nulls).error()).isEmpty();
    }

    /** A misspelt setting would otherwise be as good as none. */
    @Test
    void aSettingThatNobodyKnowsIsFound() {
        assertThat(of(Map.of("longest-expiry-day", "30")).unknown(Set.of("longest-expiry-days")))
                .hasValueSatisfying(error -> assertThat(error.setting()).isEqualTo("longest-expiry-day"));
    }

    @Test
    void whatCannotBeReadAllowsNothing() {
        StoredPolicy stored = of(Map.of(
                "who-makes-keys", "everybody",
                "key-sessions-manage-keys", "yes",
                "key-sessions-manage-credentials", "yes",
                "holders-exceed-limits", "yes",
                "keys-administer", "yes",
                "admitted-paths", "*",
                "last-use-resolution-seconds", "exactly"));

        assertThat(stored.holdersMakeKeys()).isFalse();
        assertThat(stored.flag(PolicyProperties.KEY_SESSIONS_MANAGE_KEYS)).isFalse();
        assertThat(stored.flag(PolicyProperties.KEY_SESSIONS_MANAGE_CREDENTIALS))
                .isFalse();
        assertThat(stored.flag(PolicyProperties.HOLDERS_EXCEED_LIMITS)).isFalse();
        assertThat(stored.flag(PolicyProperties.KEYS_ADMINISTER)).isFalse();
        assertThat(stored.admittedPaths()).isEmpty();
        assertThat(stored.lastUseResolution()).isEqualTo(Duration.ofDays(1));
    }

    private static StoredPolicy of(Map<String, String> config) {
        RequiredActionConfigModel model = new RequiredActionConfigModel();
        model.setConfig(config);
        return StoredPolicy.of(model);
    }
}
