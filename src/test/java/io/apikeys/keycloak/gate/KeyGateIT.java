package io.apikeys.keycloak.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.ResourceServer;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.events.EventType;

/** A request that acts for a key reaches what is listed for keys, and nothing once the key has ended. */
class KeyGateIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);
    private final String base = "/realms/" + realm.name();

    @ParameterizedTest
    @ValueSource(strings = {"/broker/elsewhere/token", "/clients-registrations/default/app"})
    void whatIsNotListedIsRefusedWithAnEvent(String path) {
        Rest.Answer answer = Rest.with(tokens().access()).get(base + path);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body().get("errorMessage").textValue()).contains("An API key may not use this");
        assertThat(realm.events().ofType(EventType.LOGIN_ERROR)).first().satisfies(event -> {
            assertThat(event.getError()).isEqualTo("not_allowed");
            assertThat(event.getDetails())
                    .containsEntry("api_key_id", key.id())
                    .containsEntry("reason", "GET " + base + path);
        });
    }

    /** Keycloak answers some of these before anybody is asked whether a key may go there, and one with 404. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/authz/protection/resource_set",
                "/protocol/oid4vc/credential",
                "/clients-managements/register-node",
                "/an-extension",
                "/an-extension/below"
            })
    void nothingElseIsServedToAKey(String path) {
        String token = tokens().access();

        for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
            assertThat(Rest.with(token).send(method, base + path, null).status())
                    .isIn(400, 401, 403, 404, 405, 415);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/broker/elsewhere/link", "/broker/elsewhere/link/", "/broker//elsewhere/link"})
    void noBrowserOfAKeySessionLinksAnIdentity(String path) {
        Browser byKey = new Browser();
        realm.app().logIn(byKey).tryApiKey().typeKey(key.raw());

        int status = byKey.open(KeycloakServer.running()
                        .uri(base + path + "?client_id=app&nonce=x&hash=x&redirect_uri=http://127.0.0.1:1/callback"))
                .status();

        assertThat(status).isIn(400, 403, 404);
    }

    /** Tokens of every kind that somebody has kept from the time when the key was good. */
    @Test
    void nothingOutlivesItsKey() {
        App desk = realm.clients().exchanger("desk");
        realm.clients().authorization().enable("desk");
        realm.clients().addToAudience("desk");
        realm.clients().addToAudience("desk", "desk");
        realm.clients().addToAudience("account");
        realm.clients().addToAudience("desk", "account");
        Tokens kept = tokens();
        Map<String, String> tokens = new HashMap<>(Map.of(
                "access", kept.access(),
                "refresh", kept.refresh(),
                "transient", desk.exchange(key.raw()).access(),
                "exchanged", desk.exchangeToken(kept.access(), Map.of()).access()));
        tokens.put(
                "transient, exchanged again",
                desk.exchangeToken(tokens.get("transient"), Map.of()).access());
        ResourceServer introspecting = realm.clients().existingResourceServer("desk");
        assertThat(introspecting.introspect(tokens.get("transient")).isActive()).isTrue();
        assertThat(Rest.with(tokens.get("transient")).get(base + "/account").status())
                .isEqualTo(200);

        realm.keys().delete(key.id());

        tokens.forEach((kind, token) -> {
            for (String hint : new String[] {"", "access_token", "refresh_token", "requesting_party_token"}) {
                assertThat((hint.isEmpty() ? introspecting.introspect(token) : introspecting.introspect(token, hint))
                                .isActive())
                        .as("introspection of %s with hint '%s'", kind, hint)
                        .isFalse();
            }
            for (String path : List.of(
                    "/protocol/openid-connect/userinfo",
                    "/account",
                    "/account/credentials",
                    "/api-keys",
                    "/authz/protection/resource_set",
                    "/broker/elsewhere/token")) {
                assertThat(Rest.with(token).get(base + path).status())
                        .as("%s at %s", kind, path)
                        .isIn(400, 401, 403, 404);
            }
            assertThat(desk.exchangeToken(token, Map.of()).status())
                    .as("exchange of %s", kind)
                    .isEqualTo(400);
            assertThat(desk.permissions(token).status())
                    .as("permissions of %s", kind)
                    .isIn(400, 401, 403);
        });
        assertThat(realm.app().refresh(kept).status()).isEqualTo(400);
    }

    @Test
    void aKeyThatIsNarrowedToOtherClientsEndsTheTokensOfThisOne() {
        App desk = realm.clients().exchanger("desk");
        realm.clients().addToAudience("desk", "desk");
        Tokens kept = tokens();
        String exchanged = desk.exchange(key.raw()).access();
        assertThat(realm.app().userinfo(kept)).isEqualTo(200);

        realm.clients().anotherApp();
        assertThat(realm.keys()
                        .change(key.id(), Map.of("restrictions", Map.of("clients", List.of("another-app"))))
                        .status())
                .isEqualTo(200);

        assertThat(realm.app().userinfo(kept)).isEqualTo(401);
        assertThat(realm.app().refresh(kept).status()).isEqualTo(400);
        assertThat(realm.clients()
                        .existingResourceServer("desk")
                        .introspect(exchanged)
                        .isActive())
                .as("transient session")
                .isFalse();
    }

    /** What they say is more than the key allows by now; what is refreshed says what it allows. */
    @Test
    void tokensFromBeforeTheirKeyWasRestrictedAreWorthNothing() throws InterruptedException {
        App desk = realm.clients().exchanger("desk");
        realm.clients().authorization().enable("desk");
        realm.clients().addToAudience("desk", "desk");
        realm.clients().addToAudience("desk");
        realm.clients().addToAudience("account");
        realm.clients().addToAudience("desk", "account");
        Tokens kept = tokens();
        Map<String, String> tokens = Map.of(
                "access", kept.access(),
                "transient", desk.exchange(key.raw()).access(),
                "exchanged", desk.exchangeToken(kept.access(), Map.of()).access());
        ResourceServer introspecting = realm.clients().existingResourceServer("desk");
        tokens.forEach((kind, token) ->
                assertThat(introspecting.introspect(token).isActive()).as(kind).isTrue());
        Thread.sleep(1_100);

        assertThat(realm.keys()
                        .change(key.id(), Map.of("restrictions", Map.of("scopes", List.of())))
                        .status())
                .isEqualTo(200);

        tokens.forEach((kind, token) -> {
            assertThat(introspecting.introspect(token).isActive()).as(kind).isFalse();
            for (String path : List.of("/protocol/openid-connect/userinfo", "/account", "/api-keys")) {
                assertThat(Rest.with(token).get(base + path).status())
                        .as("%s at %s", kind, path)
                        .isIn(401, 403);
            }
            assertThat(desk.exchangeToken(token, Map.of()).status()).as(kind).isEqualTo(400);
            assertThat(desk.permissions(token).status()).as(kind).isIn(400, 401, 403);
        });
        Tokens refreshed = realm.app().refresh(kept);
        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(introspecting.introspect(refreshed.access()).isActive()).isTrue();
    }

    /** Whoever forges one must learn nothing, and leave no trace of somebody else. */
    @Test
    void aForgedTokenIsNobodys() {
        String[] parts = tokens().access().split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        for (String subject : List.of(alice.id(), "f:", "f:x:y", "nobody")) {
            String forged = parts[0] + "."
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(claims.replace(alice.id(), subject)
                                    .replaceAll("\"sid\":\"[^\"]*\",", "")
                                    .getBytes(StandardCharsets.UTF_8))
                    + "." + parts[2];

            for (String path : List.of("/broker/elsewhere/token", "/account", "/an-extension", "/api-keys")) {
                assertThat(Rest.with(forged).get(base + path).status()).isIn(400, 401, 403, 404);
            }
        }
        assertThat(realm.events().ofType(EventType.LOGIN_ERROR)).isEmpty();
    }

    @Test
    void aRequestWithoutAKeyIsAsItWas() {
        Tokens byPassword = realm.app().passwordGrant("alice", TestRealm.PASSWORD);

        assertThat(Rest.with(byPassword.access()).get(base + "/account").status())
                .isEqualTo(200);
        assertThat(Rest.with(byPassword.access())
                        .post(
                                base + "/account",
                                Map.of(
                                        "username", "alice",
                                        "email", "alice@example.com",
                                        "firstName", "Alice",
                                        "lastName", "Example"))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void theFormOfUserinfoIsBounded() {
        Tokens kept = tokens();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("padding", "x".repeat(70_000));
        form.put("access_token", kept.access());

        assertThat(new Http()
                        .send(Http.post(KeycloakServer.running().uri(base + "/protocol/openid-connect/userinfo"), form))
                        .statusCode())
                .isEqualTo(413);
        assertThat(realm.app().userinfoByForm(kept.access()).status()).isEqualTo(200);
    }

    @Test
    void theFormOfUserinfoIsReadAsItIsWritten() {
        byte[] form = ("access_token=" + tokens().access()).getBytes(StandardCharsets.UTF_16BE);

        assertThat(new Http()
                        .send(Http.request(KeycloakServer.running().uri(base + "/protocol/openid-connect/userinfo"))
                                .header("Content-Type", "application/x-www-form-urlencoded;charset=UTF-16BE")
                                .POST(BodyPublishers.ofByteArray(form)))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void tokensThatNobodyHasSignedCostNothing() {
        String token = "eyJhbGciOiJSUzI1NiJ9."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                "{\"iss\":\"http://x/realms/%ff\",\"sid\":\"a\"}".getBytes(StandardCharsets.UTF_8))
                + ".eA";

        assertThat(Rest.with(token).get(base + "/account").status()).isEqualTo(401);
        assertThat(new Http()
                        .send(Http.request(KeycloakServer.running().uri(base + "/account"))
                                .header("X-Tokens", (token + ",").repeat(20)))
                        .statusCode())
                .isEqualTo(400);
    }

    private Tokens tokens() {
        return realm.app().tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(key.raw()));
    }
}
