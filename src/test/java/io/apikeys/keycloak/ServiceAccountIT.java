package io.apikeys.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys of a client's service account: for machines, made by administrators, and for no page. */
class ServiceAccountIT {

    private static final String HOLDER = "service-account-robot";

    private final TestRealm realm = TestRealm.create();
    private final String robotsToken = realm.clients().serviceAccountToken("robot");
    private final Answer made = realm.keys().create(Map.of("name", "x", "username", HOLDER));
    private final RawKey key = made.key();

    @Test
    void machinesUseIt() {
        assertThat(made.shown().username()).isEqualTo(HOLDER);
        assertThat(realm.gateway().check(key.raw()).headers().firstValue("X-Auth-Username"))
                .contains(HOLDER);
        assertThat(realm.clients()
                        .resourceServer("reports")
                        .introspect(key.raw())
                        .isActive())
                .isTrue();
        assertThat(realm.clients()
                        .exchanger("desk")
                        .exchange(key.raw())
                        .accessClaims()
                        .get("preferred_username"))
                .hasToString("\"" + HOLDER + "\"");
    }

    @Test
    void nobodySignsInWithIt() {
        realm.flow("key grant")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();

        assertThat(realm.app()
                        .logIn(new Browser())
                        .tryApiKey()
                        .typeKey(key.raw())
                        .keyError())
                .isEqualTo("This API key cannot be used for this application or from this network.");
        assertThat(realm.app().directGrant(Map.of("api_key", key.raw())).status())
                .isEqualTo(400);
    }

    @Test
    void itIsListedChangedRotatedAndRevoked() {
        assertThat(realm.keys().list(Map.of("search", HOLDER)).keys()).hasSize(1);
        realm.keys().change(key.id(), Map.of("enabled", false));
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        realm.keys().change(key.id(), Map.of("enabled", true));
        RawKey successor = realm.keys().rotate(key.id(), null).key();
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        assertThat(realm.gateway().check(successor.raw()).statusCode()).isEqualTo(200);

        assertThat(realm.keys().delete(successor.id()).status()).isEqualTo(204);
        assertThat(realm.gateway().check(successor.raw()).statusCode()).isEqualTo(401);
    }

    @Test
    void itTakesManagingTheClientToMakeOrChangeIt() {
        Map<String, Object> imported = Map.of("name", "y", "username", HOLDER, "hash", "A".repeat(43));
        KeysApi manager = realm.keysAsAdministratorWith("manage-users");

        for (Answer refused : List.of(
                manager.create(Map.of("name", "y", "username", HOLDER)),
                manager.create(Map.of("name", "y", "userId", made.shown().userId())),
                manager.rotate(key.id(), null),
                manager.change(key.id(), Map.of("name", "renamed")),
                manager.change(key.id(), Map.of("enabled", false)))) {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.errorMessage()).isEqualTo("You may not manage the client of this service account.");
        }
        JsonNode refused = manager.importKeys(imported).body().get(0);
        assertThat(refused.get("status").intValue()).isEqualTo(403);
        assertThat(refused.at("/error/errorMessage").textValue()).contains("client of this service account");
        assertThat(manager.lookUp(key.raw()).status()).isEqualTo(200);
        assertThat(realm.keys().list(Map.of()).keys()).hasSize(1);

        KeysApi both = realm.keysAsAdministratorWith("manage-users", "manage-clients");
        assertThat(both.create(Map.of("name", "y", "username", HOLDER)).status())
                .isEqualTo(201);
        assertThat(both.change(key.id(), Map.of("name", "renamed")).status()).isEqualTo(200);
        assertThat(both.importKeys(Map.of("name", "z", "username", HOLDER, "hash", "A".repeat(43)))
                        .body()
                        .at("/0/status")
                        .intValue())
                .isEqualTo(201);
        assertThat(manager.revoke(Map.of("key", key.raw())).status())
                .as("to end one takes no more than elsewhere")
                .isEqualTo(204);
    }

    @Test
    void aDisabledClientHasItAlong() {
        var desk = realm.clients().exchanger("desk");
        String exchanged = desk.exchange(key.raw()).access();
        assertThat(desk.exchangeToken(exchanged, Map.of()).status()).isEqualTo(200);

        realm.clients().disableClient("robot");

        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        assertThat(desk.exchangeToken(exchanged, Map.of()).status())
                .as("what it has opened")
                .isEqualTo(400);
    }

    @Test
    void theAccountItselfManagesNone() {
        assertThat(io.apikeys.keycloak.support.KeysApi.selfService(realm, robotsToken)
                        .create(Map.of("name", "y"))
                        .status())
                .isIn(401, 403);
    }
}
