package io.apikeys.keycloak.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Gateway;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway asks whether to let a request with a key through. */
class GatewayCheckIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);
    private final Gateway gateway = realm.gateway();

    @Test
    void aGoodKeyIsLetThroughAndSaysWhoseItIs() {
        HttpResponse<String> answer = gateway.check(key.raw());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "X-Auth-User-Id")).isEqualTo(alice.id());
        assertThat(header(answer, "X-Auth-Username")).isEqualTo("alice");
        assertThat(header(answer, "X-Auth-Key-Id")).isEqualTo(key.id());
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void theKeyComesInAnyOfThreeHeaders() {
        assertThat(status("Authorization", "Bearer " + key.raw())).isEqualTo(200);
        assertThat(status("Authorization", "bearer " + key.raw())).isEqualTo(200);
        assertThat(status("Authorization", Gateway.basic("anybody", key.raw()))).isEqualTo(200);
        assertThat(status("Authorization", Gateway.basic("", key.raw()))).isEqualTo(200);
    }

    @Test
    void theKeyIsNotTakenFromTheAddress() {
        HttpRequest.Builder request = gateway.request(key.raw());

        assertThat(gateway.check(request).statusCode()).isEqualTo(401);
    }

    @Test
    void aHeaderGivenTwiceIsNoKey() {
        HttpRequest.Builder request =
                gateway.request().header("X-API-Key", key.raw()).header("X-API-Key", key.raw());

        assertThat(gateway.check(request).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer ", "Basic", "Basic !!", "Basic bm9jb2xvbg==", "Digest x", "x"})
    void whatIsNoKeyIsNotLetThrough(String authorization) {
        HttpResponse<String> answer = gateway.check(gateway.request().header("Authorization", authorization));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(header(answer, "WWW-Authenticate")).startsWith("Bearer");
    }

    @Test
    void withoutAKeyNobodyIsLetThrough() {
        HttpResponse<String> answer = gateway.check(gateway.request());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(header(answer, "WWW-Authenticate")).isEqualTo("Bearer");
    }

    @Test
    void aKeyThatIsNotGoodIsNotLetThroughWhyeverThatIs() throws Exception {
        for (String wrong : realm.keysThatAreNoGood(alice)) {
            HttpResponse<String> answer = gateway.check(wrong);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(header(answer, "WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
            assertThat(answer.headers().firstValue("X-Auth-User-Id")).isEmpty();
        }
    }

    @Test
    void aKeyOfADisabledHolderIsNotLetThrough() {
        realm.users().disable(alice);

        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(401);
    }

    @Test
    void wrongPasswordsStopNobodysIntegration() {
        realm.users().lock(alice);

        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(200);
    }

    @Test
    void rolesCanBeDemanded() {
        realm.users().giveRole(alice, "accountant");
        realm.users().giveAppRole(alice, "writer");

        HttpResponse<String> both = gateway.check(key.raw(), "accountant", "app:writer");
        assertThat(both.statusCode()).isEqualTo(200);
        assertThat(header(both, "X-Auth-Roles").split(",", -1)).contains("accountant", "app:writer");
        HttpResponse<String> lacking = gateway.check(key.raw(), "accountant", "boss");
        assertThat(lacking.statusCode()).isEqualTo(403);
        assertThat(lacking.headers().firstValue("X-Auth-User-Id")).isEmpty();
    }

    @Test
    void noRolePassesForAnother() {
        realm.users().giveRole(alice, "a,boss");
        realm.users().giveRole(alice, "app:boss");

        assertThat(gateway.check(key.raw(), "boss").statusCode()).isEqualTo(403);
        assertThat(gateway.check(key.raw(), "app:boss").statusCode()).isEqualTo(403);
        HttpResponse<String> answer = gateway.check(key.raw());
        assertThat(header(answer, "X-Auth-Roles").split(",", -1))
                .contains("a%2Cboss", "app%3Aboss")
                .doesNotContain("boss", "app:boss");
    }

    @Test
    void rolesThatAdministerKeycloakAreNotThere() {
        realm.users().makeAdministrator(alice);

        HttpResponse<String> answer = gateway.check(key.raw());

        assertThat(header(answer, "X-Auth-Roles")).doesNotContain("realm-management");
        assertThat(gateway.check(key.raw(), "realm-management:realm-admin").statusCode())
                .isEqualTo(403);
    }

    @Test
    void namesOfAllAlphabetsFitIntoAHeader() {
        User hans = realm.users().withNothingButAName("jürgen");

        assertThat(header(gateway.check(realm.key(hans).raw()), "X-Auth-Username"))
                .isEqualTo("j%C3%BCrgen");
    }

    @Test
    void aGatewayThatIsAClientGetsATokenInPlaceOfTheKey() {
        realm.clients().exchanger("gateway");

        HttpResponse<String> answer = phantom(key, RealmClients.basic("gateway"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "X-Auth-User-Id")).isEqualTo(alice.id());
        JsonNode claims = Tokens.claimsOf(header(answer, "Authorization").substring("Bearer ".length()));
        assertThat(claims.get("sub").textValue()).isEqualTo(alice.id());
        assertThat(claims.get("azp").textValue()).isEqualTo("gateway");
        assertThat(claims.get("api_key_id").textValue()).isEqualTo(key.id());
        assertThat(realm.sessions(alice)).isZero();
    }

    @Test
    void aGatewayThatIsNotTheClientThatItSaysItIsGetsNothing() {
        realm.clients().exchanger("gateway");

        for (String credentials : new String[] {
            Gateway.basic("gateway", "wrong"),
            Gateway.basic("nobody", "x"),
            Gateway.basic("app", ""),
            "Basic",
            "Basic !!"
        }) {
            HttpResponse<String> answer = phantom(key, credentials);
            assertThat(answer.statusCode()).as(credentials).isIn(401, 403);
            assertThat(answer.headers().firstValue("Authorization")).isEmpty();
            assertThat(answer.headers().firstValue("X-Auth-User-Id")).isEmpty();
        }
    }

    @Test
    void theRulesOfTokenExchangeHoldForThatToken() {
        realm.clients().resourceServer("reports");
        assertThat(phantom(key, RealmClients.basic("reports")).statusCode())
                .as("without standard token exchange")
                .isEqualTo(403);
        realm.clients().exchanger("gateway");
        assertThat(phantom(
                                realm.key(
                                        alice,
                                        Map.of("name", "narrow", "restrictions", Map.of("clients", List.of("app")))),
                                RealmClients.basic("gateway"))
                        .statusCode())
                .as("with a key for another client")
                .isEqualTo(401);
        realm.users().requireAction(alice, "UPDATE_PASSWORD");
        assertThat(phantom(key, RealmClients.basic("gateway")).statusCode())
                .as("with a pending required action")
                .isEqualTo(403);
        assertThat(gateway.check(key.raw()).statusCode())
                .as("which is no matter without a token")
                .isEqualTo(200);
    }

    private HttpResponse<String> phantom(RawKey with, String authorization) {
        return gateway.check(gateway.request().header("X-API-Key", with.raw()).header("Authorization", authorization));
    }

    private int status(String header, String value) {
        return gateway.check(gateway.request().header(header, value)).statusCode();
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow();
    }
}
