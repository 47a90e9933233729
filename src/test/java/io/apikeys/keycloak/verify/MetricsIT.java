package io.apikeys.keycloak.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Keycloak's metrics say about keys. */
class MetricsIT {

    private static final Pattern METRIC = Pattern.compile("keycloak_\\w+");

    private final TestRealm realm = TestRealm.create();
    private final RawKey key = realm.keyOfSomebody();

    @Test
    void verificationsAreCountedByRealmDoorAndOutcome() {
        realm.gateway().check(key.raw());
        realm.gateway().check(key.raw());
        realm.gateway().check("nonsense");
        realm.gateway().check(ForgedKey.of("nobody"));
        realm.gateway().check(key.raw(), "a-role-that-is-lacking");

        assertThat(count("valid")).isEqualTo(2);
        assertThat(count("malformed")).isEqualTo(1);
        assertThat(count("unknown")).isEqualTo(1);
        assertThat(count("unsuitable")).isEqualTo(1);
        assertThat(KeycloakServer.running().metrics())
                .contains("keycloak_api_key_verification_seconds_count{door=\"gateway\"");
    }

    @Test
    void theDashboardAsksForWhatThereIs() throws IOException {
        realm.gateway().check(key.raw());
        String metrics = KeycloakServer.running().metrics();
        JsonNode dashboard = Json.read(Files.readString(Path.of("docs", "grafana-dashboard.json")));

        assertThat(dashboard.findValuesAsText("expr")).isNotEmpty().allSatisfy(expression -> {
            Matcher metric = METRIC.matcher(expression);
            assertThat(metric.find()).isTrue();
            assertThat(metrics).contains(metric.group());
        });
    }

    @Test
    void theSeriesOfARemovedRealmEnd() {
        realm.gateway().check(key.raw());
        String series = "realm=\"" + realm.name() + "\"";
        assertThat(KeycloakServer.running().metrics()).contains(series);

        realm.admin().remove();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(KeycloakServer.running().metrics()).doesNotContain(series));
    }

    private double count(String outcome) {
        String labels = "door=\"gateway\",outcome=\"" + outcome + "\",realm=\"" + realm.name() + "\"";
        return KeycloakServer.running()
                .metrics()
                .lines()
                .filter(line -> line.startsWith("keycloak_api_key_verifications_total{" + labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
