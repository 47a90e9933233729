package io.apikeys.keycloak.internals.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Claims;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.RefusedKeys;
import io.apikeys.keycloak.support.ResourceServer;
import io.apikeys.keycloak.support.ResourceServer.Introspection;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.events.EventType;

/** A program takes raw keys as it takes opaque tokens. */
@Order(1)
class IntrospectionIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice, Map.of("name", "laptop", "expiresAt", "2099-01-01T00:00:00Z"));
    private final ResourceServer reports = realm.clients().resourceServer("reports");

    @Test
    void aGoodKeySaysWhoseItIs() {
        Claims answer = reports.introspect(key.raw()).claims();

        assertThat(answer.get("active").booleanValue()).isTrue();
        assertThat(answer.text("token_type")).isEqualTo("api_key");
        assertThat(answer.subject()).isEqualTo(alice.id());
        assertThat(answer.text("username")).isEqualTo("alice");
        assertThat(answer.text("iss")).isEqualTo(KeycloakServer.running().url() + "/realms/" + realm.name());
        assertThat(answer.text("aud")).isEqualTo("reports");
        assertThat(answer.scopes()).contains("email", "profile");
        assertThat(answer.has("client_id")).isFalse();
        assertThat(answer.get("iat").asLong()).isPositive();
        assertThat(answer.get("exp").asLong()).isEqualTo(4070908800L);
        assertThat(answer.at("/api_key/id").textValue()).isEqualTo(key.id());
        assertThat(answer.at("/api_key/name").textValue()).isEqualTo("laptop");
        assertThat(answer.at("/api_key/hint").textValue()).isEqualTo(ForgedKey.hint(key.raw()));
    }

    @Test
    void theAnswerIsSignedForThoseWhoAskForAJwt() {
        assertThat(reports.introspectAsJwt(key.raw()).body().has("jwt")).isFalse();

        realm.clients().setAttribute("reports", "client.introspection.response.allow.jwt.claim.enabled", "true");
        String jwt = reports.introspectAsJwt(key.raw()).claims().text("jwt");

        Claims claims = Claims.of(jwt);
        assertThat(claims.text("aud")).isEqualTo("reports");
        assertThat(claims.at("/token_introspection/sub").textValue()).isEqualTo(alice.id());
        assertThat(claims.at("/token_introspection/api_key/id").textValue()).isEqualTo(key.id());
        assertThat(reports.introspect(key.raw()).body().has("jwt")).isFalse();
        assertThat(reports.introspect(jwt).isActive())
                .as("nobody takes it for an access token")
                .isFalse();
        assertThat(realm.app().userinfo(jwt).status()).isEqualTo(401);
        assertThat(reports.introspectAsJwt(ForgedKey.of(alice.id())).body()).hasToString("{\"active\":false}");
    }

    @Test
    void aKeyOverItsLimitIsInactiveAndTheAnswerSaysWhenToTryAgain() {
        RawKey limited = realm.key(
                alice,
                Map.of("name", "limited", "limits", Map.of("rateLimit", Map.of("max", 1, "windowSeconds", 3600))));
        assertThat(reports.introspect(limited.raw()).isActive()).isTrue();

        Introspection refused = reports.introspect(limited.raw());

        assertThat(refused.body()).hasToString("{\"active\":false}");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(1L, 3600L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_token", "refresh_token", "api_key", "urn:keycloak:token-type:api-key"})
    void whateverTheHint(String hint) {
        assertThat(reports.introspect(key.raw(), hint).isActive()).isTrue();
        assertThat(reports.introspect(ForgedKey.of(alice.id()), hint).body()).hasToString("{\"active\":false}");
    }

    @Test
    void theCallerLearnsTheRolesInItsScope() {
        realm.users().giveRole(alice, "accountant");
        realm.users().giveAppRole(alice, "writer");

        Claims answer = reports.introspect(key.raw()).claims();
        assertThat(answer.realmRoles()).contains("accountant");
        assertThat(answer.at("/resource_access/app/roles")).hasToString("[\"writer\"]");

        realm.clients().scopes().restrict("reports");
        answer = reports.introspect(key.raw()).claims();
        assertThat(answer.get("active").booleanValue()).isTrue();
        assertThat(answer.realmRoles()).doesNotContain("accountant");
        assertThat(answer.at("/resource_access/app").isMissingNode()).isTrue();
    }

    @Test
    void rolesThatAdministerKeycloakAreNotThere() {
        realm.users().makeAdministrator(alice);

        Claims answer = reports.introspect(key.raw()).claims();

        assertThat(answer.get("active").booleanValue()).isTrue();
        assertThat(answer.at("/resource_access/realm-management").isMissingNode())
                .isTrue();
    }

    @Test
    void anythingWrongIsInactiveAndNothingMore() throws Exception {
        List<String> noGood = new ArrayList<>(RefusedKeys.of(realm, alice));
        noGood.addAll(List.of(key.raw().substring(1), "kck_\u0000", "x".repeat(20_000)));
        for (String wrong : noGood) {
            Introspection answer = reports.introspect(wrong);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).hasToString("{\"active\":false}");
        }
    }

    @Test
    void aKeyForOneClientNamesIt() {
        RawKey forReports = realm.key(
                alice,
                Map.of(
                        "name",
                        "for reports",
                        "restrictions",
                        Map.of("clients", List.of("reports"), "scopes", List.of("email"))));

        Claims answer = reports.introspect(forReports.raw()).claims();

        assertThat(answer.text("client_id")).isEqualTo("reports");
        assertThat(answer.text("scope")).isEqualTo("email");
    }

    @Test
    void keycloaksOwnRevocationEndpointRevokesAKey() {
        RawKey forAnother =
                realm.key(alice, Map.of("name", "for another", "restrictions", Map.of("clients", List.of("app"))));

        assertThat(reports.revoke(forAnother.raw()))
                .as("not a key for this client")
                .isEqualTo(400);
        assertThat(reports.revoke(ForgedKey.of(alice.id()))).isEqualTo(200);
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200);

        assertThat(reports.revoke(key.raw())).isEqualTo(200);

        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        assertThat(realm.events().ofType(EventType.REMOVE_CREDENTIAL).get(0).getDetails())
                .containsEntry("api_key_id", key.id());
        assertThat(reports.revoke(key.raw())).as("again").isEqualTo(200);
    }

    @Test
    void aKeyOfADisabledHolderIsInactive() {
        realm.users().disable(alice);

        assertThat(reports.introspect(key.raw()).body()).hasToString("{\"active\":false}");
    }

    @Test
    void wrongPasswordsDoNotLockKeys() {
        realm.users().lock(alice);

        assertThat(reports.introspect(key.raw()).isActive()).isTrue();
    }

    @Test
    void whoIsNoConfidentialClientLearnsNothing() {
        assertThat(realm.clients()
                        .resourceServerWith(Map.of("client_id", "app"))
                        .introspect(key.raw())
                        .status())
                .isEqualTo(403);
        assertThat(realm.clients()
                        .resourceServerWith(Map.of("client_id", "reports", "client_secret", "wrong"))
                        .introspect(key.raw())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void everyOtherTokenIsIntrospectedAsBefore() {
        realm.clients().addToAudience("reports");
        Tokens tokens = realm.app().passwordGrant("alice", TestRealm.PASSWORD);

        Claims answer = reports.introspect(tokens.access()).claims();
        assertThat(answer.get("active").booleanValue()).isTrue();
        assertThat(answer.text("token_type")).isEqualTo("Bearer");
        assertThat(answer.text("client_id")).isEqualTo("app");
        assertThat(answer.subject()).isEqualTo(alice.id());
        assertThat(reports.introspect(tokens.access(), "access_token").claims()).isEqualTo(answer);
        for (String hint : new String[] {"access_token", "refresh_token", "api_key"}) {
            assertThat(reports.introspect(tokens.access() + "x", hint).body()).hasToString("{\"active\":false}");
        }
        assertThat(reports.introspect(tokens.refresh(), "refresh_token").isActive())
                .as("a refresh token is introspected by its own client alone")
                .isFalse();
        assertThat(reports.introspect(tokens.access(), "nonsense").status()).isEqualTo(400);
    }

    @Test
    void eventsNameTheKeyWhenTheRealmKeepsThem() {
        realm.events().keep("INTROSPECT_TOKEN", "INTROSPECT_TOKEN_ERROR");
        reports.introspect(key.raw());
        realm.keys().change(key.id(), Map.of("enabled", false));
        reports.introspect(key.raw());

        assertThat(realm.events().ofType(EventType.INTROSPECT_TOKEN).get(0).getDetails())
                .containsEntry("api_key_id", key.id());
        assertThat(realm.events()
                        .ofType(EventType.INTROSPECT_TOKEN_ERROR)
                        .get(0)
                        .getDetails())
                .containsEntry("api_key_id", key.id());
        assertThat(realm.events()
                        .ofType(EventType.INTROSPECT_TOKEN_ERROR)
                        .get(0)
                        .getError())
                .isEqualTo("api_key_disabled");
    }
}
