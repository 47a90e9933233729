package io.apikeys.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
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
        assertThat(made.body().get("username").textValue()).isEqualTo(HOLDER);
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
                .isEqualTo("This API key is not allowed for this program or from this network.");
        assertThat(realm.app().directGrant(Map.of("api_key", key.raw())).status())
                .isEqualTo(400);
    }

    @Test
    void itIsListedChangedRotatedAndRevoked() {
        assertThat(realm.keys().list(Map.of("search", HOLDER)).body()).hasSize(1);
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
    void aDisabledClientHasItAlong() {
        realm.clients().disableClient("robot");

        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
    }

    @Test
    void theAccountItselfManagesNone() {
        assertThat(io.apikeys.keycloak.support.KeysApi.selfService(realm, robotsToken)
                        .create(Map.of("name", "y"))
                        .status())
                .isIn(401, 403);
    }
}
