package io.apikeys.keycloak.rest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Claims;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.Gateway;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.RawRequest;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.RefusedKeys;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.events.EventType;

/** A gateway asks whether to let a request with a key through. */
@Order(1)
class GatewayCheckIT {

    /** Where gateways ask, some of which append the path of the request that they ask about. */
    private static final List<String> PATHS = List.of("auth", "auth/", "auth/orders", "auth/orders/1", "auth/a%20b");

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);
    private final Gateway gateway = realm.gateway();

    @Test
    void aValidKeyIsAcceptedAndIdentifiesItsHolder() {
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
        assertThat(status("Authorization", Gateway.basic(key.raw(), "")))
                .as("https://{key}@host")
                .isEqualTo(200);
        assertThat(status("Authorization", Gateway.basic(key.raw(), "x"))).isEqualTo(401);
        String withoutColon = Base64.getEncoder().encodeToString(key.raw().getBytes(StandardCharsets.UTF_8));
        assertThat(status("Authorization", "Basic " + withoutColon)).isEqualTo(401);
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
    void anythingButAKeyIsRefused(String authorization) {
        HttpResponse<String> answer = gateway.check(gateway.request().header("Authorization", authorization));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(header(answer, "WWW-Authenticate")).startsWith("Bearer");
    }

    @Test
    void withoutAKeyNobodyIsLetThrough() {
        HttpResponse<String> answer = gateway.check(gateway.request());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().allValues("WWW-Authenticate"))
                .as("programs such as git, wget and Maven send nothing before they are asked for Basic")
                .containsExactly("Bearer", "Basic realm=\"" + realm.name() + "\", charset=\"UTF-8\"");
    }

    @Test
    void aRefusalNamesItsReason() throws Exception {
        RawKey expired = realm.key(alice, Map.of("name", "expired", "expiresIn", 1));
        RawKey disabled = realm.key(alice);
        realm.keys().change(disabled.id(), Map.of("enabled", false));
        RawKey elsewhere =
                realm.key(alice, Map.of("name", "elsewhere", "restrictions", Map.of("cidrs", List.of("192.0.2.0/24"))));
        RawKey usedUp = realm.key(alice, Map.of("name", "used up", "limits", Map.of("quota", Map.of("remaining", 0))));
        Thread.sleep(1_100);

        assertThat(reason(gateway.check(expired.raw()))).isEqualTo("401 expired API key expired");
        assertThat(reason(gateway.check(disabled.raw()))).isEqualTo("401 disabled API key disabled");
        assertThat(reason(gateway.check(elsewhere.raw())))
                .isEqualTo("401 not_allowed_here API key not allowed for this client or address");
        assertThat(reason(gateway.check(key.raw(), "boss")))
                .isEqualTo("403 insufficient_scope The API key lacks a required role");
        assertThat(reason(gateway.check("no key"))).isEqualTo("401 invalid Not an API key of this realm");
        HttpResponse<String> limited = gateway.check(usedUp.raw());
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(header(limited, "X-Auth-Error")).isEqualTo("quota_used_up");
    }

    private static String reason(HttpResponse<String> answer) {
        String challenge = header(answer, "WWW-Authenticate");
        return answer.statusCode() + " " + header(answer, "X-Auth-Error") + " "
                + challenge.replaceFirst(".*error_description=\"", "").replace("\"", "");
    }

    @Test
    void theGatewayChoosesWhatTheAnswerCarries() {
        realm.users().giveRole(alice, "team lead");
        realm.organizations().make("acme", "other");
        realm.organizations().join(alice, "acme");
        realm.organizations().makeGroupWithRole("acme", "staff", "team lead", alice);
        RawKey described =
                realm.key(alice, Map.of("name", "described", "expiresIn", 3600, "metadata", Map.of("tier", "gold")));

        HttpResponse<String> plain = gateway.check(described.raw());
        assertThat(header(plain, "X-Auth-Key-Expires")).matches("20..-..-..T..:..:.*Z");
        for (String part : List.of("Roles", "Email", "Groups", "Name", "Organization", "Metadata")) {
            assertThat(plain.headers().firstValue("X-Auth-" + part)).as(part).isEmpty();
        }
        HttpResponse<String> all =
                gateway.ask(described.raw(), "include=roles,email&include=groups,name,organization,metadata");
        assertThat(header(all, "X-Auth-Roles").split(",", -1)).contains("team%20lead");
        assertThat(header(all, "X-Auth-Email")).as("not verified").isEmpty();
        realm.users().verifyEmail(alice);
        assertThat(header(gateway.ask(described.raw(), "include=email"), "X-Auth-Email"))
                .isEqualTo("alice@example.org");
        assertThat(header(all, "X-Auth-Organization")).isEqualTo("acme");
        assertThat(header(all, "X-Auth-Metadata")).isEqualTo("%7B%22tier%22%3A%22gold%22%7D");
        HttpResponse<String> raw = gateway.ask(described.raw(), "include=roles,metadata&raw=true&role=team%20lead");
        assertThat(header(raw, "X-Auth-Roles").split(",", -1)).contains("team lead");
        assertThat(header(raw, "X-Auth-Metadata")).isEqualTo("{\"tier\":\"gold\"}");
        assertThat(header(gateway.ask(key.raw(), "include=metadata"), "X-Auth-Metadata"))
                .as("written also where there is none, so that no header of the client passes for it")
                .isEmpty();
        RawKey restricted =
                realm.key(alice, Map.of("name", "restricted", "restrictions", Map.of("scopes", List.of("profile"))));
        HttpResponse<String> few = gateway.ask(restricted.raw(), "include=email,name,groups");
        assertThat(header(few, "X-Auth-Email")).isEmpty();
        assertThat(header(few, "X-Auth-Groups")).isEmpty();
        assertThat(header(few, "X-Auth-Name")).isNotEmpty();
        assertThat(gateway.ask(described.raw(), "include=password").statusCode())
                .isEqualTo(400);
    }

    @Test
    void anInvalidKeyIsRefusedWhateverTheReason() throws Exception {
        for (String wrong : RefusedKeys.of(realm, alice)) {
            HttpResponse<String> answer = gateway.check(wrong);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(header(answer, "WWW-Authenticate")).startsWith("Bearer error=\"invalid_token\"");
            assertThat(answer.headers().firstValue("X-Auth-User-Id")).isEmpty();
        }
    }

    @Test
    void aKeyOfADisabledHolderIsNotLetThrough() {
        realm.users().disable(alice);

        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(401);
    }

    @Test
    void wrongPasswordsDoNotLockKeys() {
        realm.users().lock(alice);

        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(200);
    }

    @Test
    void rolesCanBeDemanded() {
        realm.users().giveRole(alice, "accountant");
        realm.users().giveAppRole(alice, "writer");

        assertThat(gateway.check(key.raw(), "accountant", "app:writer").statusCode())
                .isEqualTo(200);
        HttpResponse<String> both = gateway.ask(key.raw(), "role=accountant&include=roles");
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
        HttpResponse<String> answer = gateway.ask(key.raw(), "include=roles");
        assertThat(header(answer, "X-Auth-Roles").split(",", -1))
                .contains("a%2Cboss", "app%3Aboss")
                .doesNotContain("boss", "app:boss");
    }

    @Test
    void rolesThatAdministerKeycloakAreNotThere() {
        realm.users().makeAdministrator(alice);

        HttpResponse<String> answer = gateway.ask(key.raw(), "include=roles");

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
        Claims claims = Claims.of(header(answer, "Authorization").substring("Bearer ".length()));
        assertThat(claims.subject()).isEqualTo(alice.id());
        assertThat(claims.authorizedParty()).isEqualTo("gateway");
        assertThat(claims.keyId()).isEqualTo(key.id());
        assertThat(realm.sessions().count(alice)).isZero();
    }

    @Test
    void aGatewayWithWrongCredentialsGetsNothing() {
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "HEAD",
                "POST",
                "PUT",
                "PATCH",
                "DELETE",
                "OPTIONS",
                "TRACE",
                "CONNECT",
                "PROPFIND",
                "FOO",
                "get"
            })
    void noMethodLetsAnybodyThroughWithoutAGoodKey(String method) {
        for (String path : PATHS) {
            String at = "/realms/" + realm.name() + "/api-keys/" + path;
            assertThat(raw(method, at).status()).as(method + " " + path).isEqualTo(401);
            assertThat(raw(method, at)
                            .header("X-API-Key", ForgedKey.of(alice.id()))
                            .status())
                    .as(method + " " + path + " with a bad key")
                    .isEqualTo(401);
            assertThat(raw(method, at)
                            .header("Origin", "http://app.example")
                            .header("Access-Control-Request-Method", "GET")
                            .status())
                    .as(method + " " + path + " as the question of a browser")
                    .isEqualTo(401);
            assertThat(raw(method, at).header("X-API-Key", key.raw()).status())
                    .as(method + " " + path + " with a good key")
                    .isEqualTo(200);
            assertThat(raw(method, at + "?role=boss")
                            .header("X-API-Key", key.raw())
                            .status())
                    .as(method + " " + path + " without the role")
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api-keys/%61uth",
                "api-keys/auth%2Forders",
                "api-keys/auth%2F..%2Frevoke",
                "api-keys//auth",
                "/api-keys/auth",
                "api-keys/auth;x=1",
                "api-keys;x=1/auth",
                "api-keys/auth/..;/revoke",
                "api-keys/auth/../revoke",
                "api-keys/auth/%2e%2e/some-id",
                "api-keys/auth/../../.well-known/openid-configuration",
                "api-keys/auth/%00",
                "api-keys/auth/%",
                "api-keys/auth/%0A",
                "api-keys/auth/a%0D%0Ab",
                "api-keys/auth/%E2%80%A8",
                "api-keys/auth%0A",
                "api-keys/auth?",
                "api-keys/auth#x",
            })
    void noSpellingOfThePathDoes(String path) {
        for (String method : List.of("GET", "HEAD", "POST", "OPTIONS", "TRACE", "FOO")) {
            assertThat(raw(method, "/realms/" + realm.name() + "/" + path).status())
                    .as(method + " " + path)
                    .isBetween(400, 499);
        }
    }

    @Test
    void inARealmThatDoesNotExistNobodyIsLetThrough() {
        for (String method : List.of("GET", "OPTIONS", "FOO")) {
            assertThat(raw(method, "/realms/no-such-realm/api-keys/auth/orders")
                            .header("X-API-Key", key.raw())
                            .status())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "x"})
    void theBodyIsNotRead(String type) {
        String path = "/realms/" + realm.name() + "/api-keys/auth/orders";
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            assertThat(raw(method, path)
                            .header("Content-Type", type)
                            .header("Content-Length", "1000000")
                            .status())
                    .as("the body never comes")
                    .isEqualTo(401);
            assertThat(raw(method, path)
                            .header("X-API-Key", key.raw())
                            .header("Content-Type", type)
                            .header("Content-Length", "1000000")
                            .status())
                    .isEqualTo(200);
            assertThat(raw(method, path)
                            .header("X-API-Key", key.raw())
                            .header("Content-Type", type)
                            .endlessChunk(10)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void eachUseIsInTheEventsAndCountedWhateverTheMethod() {
        RawKey limited = realm.key(
                alice,
                Map.of("name", "limited", "limits", Map.of("rateLimit", Map.of("max", 2, "windowSeconds", 600))));
        realm.events().keep("INTROSPECT_TOKEN", "INTROSPECT_TOKEN_ERROR");
        String path = "/realms/" + realm.name() + "/api-keys/auth/orders/1";

        assertThat(raw("PROPFIND", path).header("X-API-Key", limited.raw()).status())
                .isEqualTo(200);
        assertThat(raw("POST", path).header("X-API-Key", limited.raw()).status())
                .isEqualTo(200);
        assertThat(raw("OPTIONS", path).header("X-API-Key", limited.raw()).status())
                .isEqualTo(429);

        assertThat(realm.events().ofType(EventType.INTROSPECT_TOKEN))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getDetails()).containsEntry("api_key_id", limited.id()));
        assertThat(realm.events().ofType(EventType.INTROSPECT_TOKEN_ERROR)).hasSize(1);
    }

    private static RawRequest raw(String method, String path) {
        return new RawRequest(method, path);
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

    @ParameterizedTest
    @ValueSource(strings = {"role=", "role", "role=%20", "role=&role=offline_access"})
    void anEmptyRoleIsOneThatNobodyHas(String query) {
        var request = Http.request(KeycloakServer.running().uri("/realms/" + realm.name() + "/api-keys/auth?" + query));

        assertThat(realm.gateway().check(request.header("X-API-Key", key.raw())).statusCode())
                .isEqualTo(403);
    }
}
