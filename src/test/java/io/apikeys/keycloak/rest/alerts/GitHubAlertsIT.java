package io.apikeys.keycloak.rest.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.AlertSigner;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keycloak.events.EventType;

/** GitHub has found keys in a public place, and reports them. */
class GitHubAlertsIT {

    private static final String PLACE = "https://github.com/octocat/hello-world/blob/main/config.yml";

    private final AlertSigner github = new AlertSigner();
    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice, Map.of("name", "published"));

    GitHubAlertsIT() throws IOException {
        assertThat(realm.setPolicy(Map.of("github-alert-keys", github.address())))
                .isEqualTo(204);
    }

    @AfterEach
    void stop() {
        github.close();
    }

    @Test
    void aReportedKeyAndItsSessionsEnd() {
        Tokens tokens =
                realm.app().tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(key.raw()));

        HttpResponse<String> answer =
                github.report(realm, alerts(key.raw(), ForgedKey.of(alice.id()), "no key at all"));

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode labels = Json.read(answer.body());
        assertThat(labels.findValuesAsText("label"))
                .containsExactly("true_positive", "false_positive", "false_positive");
        assertThat(labels.findValuesAsText("token_hash"))
                .allMatch(hash -> hash.matches("[0-9a-f]{64}"))
                .hasSize(3);
        assertThat(labels.findValuesAsText("token_type")).containsOnly("example_api_key");
        assertThat(realm.keys().get(key.id()).status()).isEqualTo(404);
        assertThat(realm.app().refresh(tokens).status()).isEqualTo(400);
        assertThat(realm.sessions().count(alice)).isZero();
        assertThat(realm.events().ofType(EventType.REMOVE_CREDENTIAL))
                .singleElement()
                .satisfies(event -> assertThat(event.getDetails())
                        .containsEntry("reason", "leaked")
                        .containsEntry("api_key_revoked_by", "github")
                        .containsEntry("api_key_found_at", PLACE)
                        .containsEntry("api_key_id", key.id()));
    }

    @Test
    void onlyKeysThatGitHubUsesNowSignAlerts() {
        String body = alerts(key.raw());
        String good = github.sign(AlertSigner.CURRENT, body);

        assertThat(github.report(realm, body, null, good).statusCode()).isEqualTo(401);
        assertThat(github.report(realm, body, AlertSigner.CURRENT, null).statusCode())
                .isEqualTo(401);
        assertThat(github.report(realm, body, AlertSigner.CURRENT, "no Base64!").statusCode())
                .isEqualTo(401);
        assertThat(github.report(realm, body + " ", AlertSigner.CURRENT, good).statusCode())
                .isEqualTo(401);
        assertThat(github.report(realm, body, "unknown", good).statusCode()).isEqualTo(401);
        assertThat(github.report(realm, body, AlertSigner.CURRENT, github.sign(AlertSigner.REPLACED, body))
                        .statusCode())
                .isEqualTo(401);
        assertThat(github.report(realm, body, AlertSigner.REPLACED, github.sign(AlertSigner.REPLACED, body))
                        .statusCode())
                .isEqualTo(401);

        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200);
        assertThat(github.fetches()).as("forged alerts cause one request").isEqualTo(1);
    }

    @Test
    void anAlertThatCannotBeReadRevokesNothing() {
        for (String body : List.of(
                "", "{}", "[", "[1]", "[null]", "[{\"type\":\"x\"}]", alerts(Collections.nCopies(1_001, "x")))) {
            assertThat(github.report(realm, body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(github.report(realm, "[\"" + "x".repeat(1_100_000) + "\"]").statusCode())
                .isEqualTo(413);
        assertThat(github.report(realm, "[]").body()).isEqualTo("[]");
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200);
    }

    @Test
    void aRealmTakesNoAlertsUntilItSaysWhoSignsThem() {
        realm.setPolicy(Map.of("github-alert-keys", ""));

        assertThat(github.report(realm, alerts(key.raw())).statusCode()).isEqualTo(404);

        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200);
        assertThat(github.fetches()).isZero();
        for (String insecure : List.of("http://github.example/keys", "ftp://github.example", "nonsense", "https://")) {
            assertThat(realm.setPolicy(Map.of("github-alert-keys", insecure)))
                    .as(insecure)
                    .isEqualTo(400);
        }
    }

    @Test
    void whereARealmRequiresHttpsNoAlertIsTakenOverHttp() {
        realm.settings().requireHttps();

        assertThat(github.report(realm, alerts(key.raw())).statusCode()).isEqualTo(403);

        assertThat(realm.keys().get(key.id()).status()).isEqualTo(200);
    }

    @Test
    void aKeyOfAnotherRealmIsNoneOfThisOne() {
        RawKey elsewhere = TestRealm.create().keyOfSomebody();

        HttpResponse<String> answer = github.report(realm, alerts(elsewhere.raw()));

        assertThat(Json.read(answer.body()).findValuesAsText("label")).containsExactly("false_positive");
    }

    private static String alerts(String... tokens) {
        return alerts(List.of(tokens));
    }

    private static String alerts(List<String> tokens) {
        return Json.write(tokens.stream()
                .map(token -> Map.of("token", token, "type", "example_api_key", "url", PLACE, "source", "content"))
                .toList());
    }
}
