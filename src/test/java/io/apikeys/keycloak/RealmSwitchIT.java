package io.apikeys.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.AccountApi;
import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.NewRealm;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.RealmsAdministrator;
import io.apikeys.keycloak.support.ResourceServer;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A realm has keys only where its required action is registered and enabled, and only then are keys worth anything. */
class RealmSwitchIT {

    private static final String NOT_ENABLED = "API keys are not enabled in this realm.";

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyDoorAnswersAGoodKeyAsAnUnknownOne(boolean registered) {
        App desk = realm.clients().exchanger("desk");
        realm.flow("direct grant by key")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();
        Map<String, Function<String, String>> doors = doors(desk);
        Map<String, String> unknown = answers(doors, ForgedKey.of(alice.id()));
        assertThat(answers(doors, key.raw()).values()).doesNotContainAnyElementsOf(unknown.values());

        turnKeysOff(registered);

        assertThat(answers(doors, key.raw())).isEqualTo(unknown);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyVerbIsRefused(boolean registered) {
        KeysApi own = realm.keysOf(alice);
        KeysApi all = realm.keys();
        KeysApi stranger = realm.keysAsAdministratorWith("view-clients");
        turnKeysOff(registered);

        for (Answer answer : List.of(
                own.list(Map.of()),
                own.create(Map.of("name", "x")),
                own.create("nonsense"),
                own.get(key.id()),
                own.change(key.id(), Map.of("enabled", false)),
                own.rotate(key.id(), null),
                own.delete(key.id()),
                all.list(Map.of()),
                all.list(Map.of("userId", alice.id())),
                all.count(Map.of()),
                all.create(Map.of("name", "x", "userId", alice.id())),
                all.create("nonsense"),
                all.get(key.id()),
                all.change(key.id(), Map.of("enabled", false)),
                all.rotate(key.id(), null),
                all.delete(key.id()),
                all.deleteAll(Map.of("userId", alice.id())),
                all.lookUp(key.raw()),
                all.revoke(Map.of("key", key.raw())),
                all.importKeys(List.of()))) {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.errorMessage()).isEqualTo(NOT_ENABLED);
        }
        assertThat(stranger.list(Map.of()).errorMessage()).isEqualTo("You may not view users.");
        assertThat(KeysApi.admin(realm, null).list(Map.of()).status()).isEqualTo(401);
        assertThat(KeysApi.selfService(realm, null).list(Map.of()).status()).isEqualTo(401);
    }

    @Test
    void aFoundKeyCanStillBeEnded() {
        realm.turnKeysOff();

        assertThat(KeysApi.revoke(realm, Map.of("token", key.raw()))).isEqualTo(200);
        assertThat(KeysApi.revoke(realm, Map.of("token", ForgedKey.of(alice.id()))))
                .isEqualTo(200);

        realm.turnKeysOn();
        assertThat(realm.keys().get(key.id()).status()).isEqualTo(404);
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
    }

    @Test
    void whatAKeyHasOpenedIsWorthNothingUntilKeysAreOnAgain() {
        ResourceServer reports = realm.clients().resourceServer("reports");
        realm.clients().addToAudience("reports");
        App desk = realm.clients().exchanger("desk");
        realm.clients().addToAudience("desk", "account");
        Browser browser = new Browser();
        Browser away = new Browser();
        realm.app().logIn(away).tryApiKey().typeKey(key.raw());
        Tokens session =
                realm.app().tokens(realm.app().logIn(browser).tryApiKey().typeKey(key.raw()));
        Tokens offline = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser(), Map.of("scope", "openid offline_access"))
                        .tryApiKey()
                        .typeKey(key.raw()));
        Tokens transientSession = desk.exchange(key.raw(), Map.of("scope", "openid"));
        String account = "/realms/" + realm.name() + "/account/credentials";

        realm.turnKeysOff();

        for (Tokens tokens : List.of(session, offline, transientSession)) {
            assertThat(realm.app().userinfo(tokens)).isEqualTo(401);
            assertThat(Rest.with(tokens.access()).status("GET", account)).isEqualTo(401);
        }
        assertThat(reports.introspect(session.access()).isActive()).isFalse();
        assertThat(realm.app().refresh(session).status()).isEqualTo(400);
        assertThat(realm.app().refresh(offline).status()).isEqualTo(400);
        Page loginPage = realm.app().logIn(browser);
        assertThat(loginPage.isBackAtTheApp()).isFalse();
        assertThat(loginPage.offersAnotherWay()).isTrue();

        realm.turnKeysOn();

        for (Tokens tokens : List.of(session, offline, transientSession)) {
            assertThat(realm.app().userinfo(tokens)).isEqualTo(200);
            assertThat(Rest.with(tokens.access()).status("GET", account)).isEqualTo(200);
        }
        assertThat(reports.introspect(session.access()).isActive()).isTrue();
        assertThat(realm.app().refresh(session).status()).isEqualTo(200);
        assertThat(realm.app().refresh(offline).status()).isEqualTo(200);
        assertThat(realm.app().logIn(away).isBackAtTheApp()).isTrue();
        assertThat(realm.app().logIn(browser).isBackAtTheApp())
                .as("Keycloak took the cookie from the browser that came meanwhile")
                .isFalse();
    }

    @Test
    void sessionsOfOthersGoOn() {
        Browser browser = new Browser();
        Tokens byPassword = realm.app().tokens(realm.app().logIn(browser).logIn("alice", TestRealm.PASSWORD));

        realm.turnKeysOff();

        assertThat(realm.app().userinfo(byPassword)).isEqualTo(200);
        assertThat(realm.app().refresh(byPassword).status()).isEqualTo(200);
        assertThat(realm.app().logIn(browser).isBackAtTheApp()).isTrue();
    }

    @Test
    void theAccountConsoleOffersKeysOnlyWhereThereAreAny() {
        assertThat(new AccountApi(realm, alice).keys().path("createAction").asText())
                .isEqualTo("CREATE_API_KEY");

        realm.turnKeysOff();

        assertThat(new AccountApi(realm, alice).keys().has("createAction")).isFalse();
    }

    @Test
    void aRealmAsKeycloakMakesItHasNone() {
        TestRealm plain = NewRealm.withBuiltInFlows();
        User bob = plain.user("bob");

        for (Answer answer : List.of(
                plain.keysOf(bob).create(Map.of("name", "x")),
                plain.keys().create(Map.of("name", "x", "username", "bob")))) {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.errorMessage()).isEqualTo(NOT_ENABLED);
        }
    }

    @Test
    void neitherHasTheMasterRealm() {
        TestRealm master = NewRealm.master();

        for (Answer answer : List.of(
                KeysApi.selfService(master, RealmsAdministrator.tokenOfServer()).create(Map.of("name", "x")),
                master.keys().create(Map.of("name", "x", "username", "admin")),
                master.keys().list(Map.of()))) {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.errorMessage()).isEqualTo(NOT_ENABLED);
        }
    }

    @Test
    void whereOnlyAdministratorsMakeKeysHoldersMakeNone() {
        KeysApi own = realm.keysOf(alice);
        realm.setPolicy(Map.of("who-makes-keys", "administrators"));

        assertThat(own.create(Map.of("name", "x")).status()).isEqualTo(403);
        assertThat(own.create(Map.of("name", "x")).errorMessage())
                .isEqualTo("Only administrators make, rotate and enable API keys in this realm.");
        assertThat(own.rotate(key.id(), null).status()).isEqualTo(403);
        assertThat(new AccountApi(realm, alice).keys().has("createAction")).isFalse();
        Page back = realm.app()
                .logIn(new Browser(), Map.of("kc_action", "CREATE_API_KEY"))
                .logIn("alice", TestRealm.PASSWORD);
        assertThat(back.isBackAtTheApp()).isTrue();
        assertThat(realm.keys().list(Map.of()).keys()).hasSize(1);
        assertThat(realm.keys()
                        .create(Map.of("name", "x", "userId", alice.id()))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void holdersLookAfterTheirKeysAllTheSame() {
        KeysApi own = realm.keysOf(alice);
        realm.setPolicy(Map.of("who-makes-keys", "administrators"));

        assertThat(own.list(Map.of()).keys()).hasSize(1);
        assertThat(own.change(key.id(), Map.of("name", "renamed")).status()).isEqualTo(200);
        assertThat(own.change(key.id(), Map.of("restrictions", Map.of("clients", List.of("app"))))
                        .status())
                .isEqualTo(200);
        assertThat(own.change(key.id(), Map.of("enabled", false)).status()).isEqualTo(200);
        assertThat(own.change(key.id(), Map.of("enabled", true)).status()).isEqualTo(403);
        assertThat(own.delete(key.id()).status()).isEqualTo(204);
    }

    private void turnKeysOff(boolean registered) {
        if (registered) {
            realm.turnKeysOff();
        } else {
            realm.requiredActions().unregisterKeys();
        }
    }

    private Map<String, Function<String, String>> doors(App desk) {
        Map<String, Function<String, String>> doors = new LinkedHashMap<>();
        doors.put("login form", tried -> {
            Page page = realm.app().logIn(new Browser()).tryApiKey().typeKey(tried);
            return page.asksForKey() ? page.keyError() : "signed in";
        });
        doors.put("direct grant", tried -> told(realm.app().directGrant(Map.of("api_key", tried))));
        doors.put("token exchange", tried -> told(desk.exchange(tried)));
        doors.put(
                "introspection",
                tried -> realm.clients()
                        .existingResourceServer("desk")
                        .introspect(tried)
                        .body()
                        .toString());
        doors.put("gateway check", tried -> {
            var answer = realm.gateway().check(tried);
            return answer.statusCode() + " "
                    + answer.headers().firstValue("WWW-Authenticate").orElse("");
        });
        doors.put("gateway check with token", tried -> {
            var answer = realm.gateway()
                    .check(realm.gateway()
                            .request()
                            .header("X-API-Key", tried)
                            .header("Authorization", RealmClients.basic("desk")));
            return answer.statusCode() + " with token "
                    + answer.headers().firstValue("WWW-Authenticate").orElse("");
        });
        return doors;
    }

    private static Map<String, String> answers(Map<String, Function<String, String>> doors, String tried) {
        Map<String, String> answers = new LinkedHashMap<>();
        doors.forEach((name, door) -> answers.put(name, door.apply(tried)));
        return answers;
    }

    private static String told(Tokens answer) {
        JsonNode body = answer.body();
        return answer.status() + " " + body.path("error") + " " + body.path("error_description");
    }
}
