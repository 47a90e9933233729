package io.apikeys.keycloak.rest.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page for making keys is told, and that it is what the API then does. */
class KeyChoicesIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");

    @Test
    void aUserWhoHasJustSignedInMayDoAll() {
        realm.key(alice);

        JsonNode choices = choices(realm.keysOf(alice));

        assertThat(choices.get("change")).hasToString("{\"allowed\":true}");
        assertThat(choices.get("make")).hasToString("{\"allowed\":true}");
        assertThat(choices.at("/login/recent").booleanValue()).isTrue();
        assertThat(choices.at("/login/ageSeconds").longValue()).isBetween(0L, 60L);
        assertThat(choices.at("/login/maxAgeSeconds").longValue()).isEqualTo(300);
        assertThat(choices.get("keys")).hasToString("{\"count\":1,\"max\":100}");
        assertThat(choices.get("name")).hasToString("{\"maxLength\":100}");
        assertThat(choices.get("expiry"))
                .hasToString("{\"required\":false,\"defaultSeconds\":null,\"longestSeconds\":null,\"latest\":null}");
    }

    @Test
    void onlyWhatMayBeReadIsTold() {
        assertThat(KeysApi.selfService(realm, null).choices().status()).isEqualTo(401);
        realm.users().leaveOnlyAccountRole(alice, "view-groups");
        assertThat(realm.keysOf(alice).choices().status()).isEqualTo(403);
    }

    @Test
    void whoMayOnlyReadIsToldSo() {
        realm.users().leaveOnlyAccountRole(alice, "view-profile");
        KeysApi own = realm.keysOf(alice);

        assertRefused(own, "role_missing", "role_missing");
        assertThat(own.create(Map.of("name", "x")).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRealmWithoutKeysSaysSo(boolean registered) {
        KeysApi own = realm.keysOf(alice);
        if (registered) {
            realm.turnKeysOff();
        } else {
            realm.requiredActions().unregisterKeys();
        }

        assertRefused(own, "keys_disabled", "keys_disabled");
        assertThat(own.list(Map.of()).status()).isEqualTo(403);
    }

    @Test
    void whereOnlyAdministratorsMakeKeysTheyCanStillBeChanged() {
        realm.setPolicy(Map.of("who-makes-keys", "administrators"));
        RawKey key = realm.key(alice);
        KeysApi own = realm.keysOf(alice);

        assertRefused(own, null, "administrators_only");
        assertThat(own.create(Map.of("name", "x")).status()).isEqualTo(403);
        assertThat(own.change(key.id(), Map.of("name", "renamed")).status()).isEqualTo(200);
    }

    @Test
    void anImpersonatorIsToldSo() {
        Browser browser = new Browser();
        realm.sessions().impersonate(alice, browser);

        assertRefused(
                KeysApi.selfService(
                        realm, realm.app().tokens(realm.app().logIn(browser)).access()),
                null,
                "impersonated");
    }

    @Test
    void whoHasAsManyKeysAsThereMayBeIsToldSo() throws InterruptedException {
        realm.setPolicy(Map.of("max-keys-per-user", "2"));
        realm.key(alice, Map.of("name", "short-lived", "expiresIn", 1));
        RawKey lasting = realm.key(alice);
        Thread.sleep(1_100);
        KeysApi own = realm.keysOf(alice);
        assertThat(choices(own).get("keys")).hasToString("{\"count\":1,\"max\":2}");

        assertThat(own.create(Map.of("name", "the last")).status()).isEqualTo(201);

        assertRefused(own, null, "too_many_keys");
        assertThat(own.create(Map.of("name", "too many")).status()).isEqualTo(409);
        assertThat(own.rotate(lasting.id(), null).status()).isEqualTo(201);
    }

    @Test
    void aKeySessionIsToldSo() {
        RawKey key = realm.key(alice);
        KeysApi own = signedInWith(key);

        assertRefused(own, "key_session", "key_session");
        assertThat(own.delete(key.id()).status()).isEqualTo(403);
    }

    @Test
    void aKeySessionThatMayMakeKeysIsToldOfNoMoreThanItsKeyMay() {
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true"));
        realm.users().giveRole(alice, "accountant");
        realm.users().giveRole(alice, "auditor");
        RawKey key = realm.key(
                alice,
                Map.of(
                        "name",
                        "narrow",
                        "expiresIn",
                        3600,
                        "restrictions",
                        Map.of("realmRoles", List.of("accountant"), "scopes", List.of("email", "roles"))));

        JsonNode choices = choices(signedInWith(key));

        assertThat(choices.at("/make/allowed").booleanValue()).isTrue();
        assertThat(choices.at("/restrictions/realmRoles")).hasToString("[\"accountant\"]");
        assertThat(choices.at("/restrictions/scopes")).hasToString("[\"email\",\"roles\"]");
        assertThat(choices.at("/expiry/required").booleanValue()).isTrue();
        assertThat(choices.at("/expiry/latest"))
                .isEqualTo(realm.keys().get(key.id()).body().get("expiresAt"));
    }

    @Test
    void anOldLoginIsToldApartFromNone() throws InterruptedException {
        realm.setPolicy(Map.of("max_auth_age", "1"));
        KeysApi old = realm.keysOf(alice);
        Thread.sleep(2_100);
        JsonNode login = choices(old).get("login");
        assertThat(login.get("recent").booleanValue()).isFalse();
        assertThat(login.get("ageSeconds").longValue()).isBetween(2L, 60L);
        assertThat(login.get("maxAgeSeconds").longValue()).isEqualTo(1);

        Tokens offline = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser(), Map.of("scope", "openid offline_access"))
                        .logIn("alice", TestRealm.PASSWORD));
        JsonNode none = choices(KeysApi.selfService(realm, offline.access())).get("login");
        assertThat(none.get("recent").booleanValue()).isFalse();
        assertThat(none.get("ageSeconds").isNull()).isTrue();
    }

    @Test
    void theRulesOfExpiryAreThoseOfTheRealm() {
        realm.setPolicy(Map.of("default-expiry-days", "30", "longest-expiry-days", "90"));
        assertThat(choices(realm.keysOf(alice)).get("expiry"))
                .hasToString(
                        "{\"required\":true,\"defaultSeconds\":2592000,\"longestSeconds\":7776000,\"latest\":null}");

        realm.setPolicy(Map.of("expiry-required", "true"));
        assertThat(choices(realm.keysOf(alice)).get("expiry"))
                .hasToString("{\"required\":true,\"defaultSeconds\":null,\"longestSeconds\":null,\"latest\":null}");
    }

    @Test
    void whatIsOfferedIsAcceptedAndOtherRolesAreNotOffered() {
        realm.users().giveRole(alice, "accountant");
        realm.users().giveAppRole(alice, "writer");
        realm.users().makeRole("auditor");
        KeysApi own = realm.keysOf(alice);

        JsonNode offered = choices(own).get("restrictions");

        assertThat(texts(offered.get("realmRoles"))).contains("accountant").doesNotContain("auditor");
        assertThat(offered.at("/clientRoles/app")).hasToString("[\"writer\"]");
        assertThat(texts(offered.get("scopes"))).contains("email", "profile");
        assertThat(offered.get("clients")).hasToString("[{\"id\":\"app\",\"name\":null}]");
        assertThat(own.create(Map.of(
                                "name",
                                "all by name",
                                "restrictions",
                                Map.of(
                                        "realmRoles",
                                        offered.get("realmRoles"),
                                        "clientRoles",
                                        offered.get("clientRoles"),
                                        "scopes",
                                        offered.get("scopes"),
                                        "clients",
                                        List.of("app"))))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void theAccountConsoleIsToldOfAllRolesAndOtherProgramsOfThoseInTheirTokens() {
        realm.users().giveRole(alice, "accountant");
        App console = realm.clients().accountConsole();
        Tokens ofConsole = console.tokens(console.logIn(new Browser()).logIn("alice", TestRealm.PASSWORD));
        realm.clients().scopes().restrict("app");
        realm.clients().scopes().addRole("app", "account", "manage-account");

        assertThat(texts(choices(KeysApi.selfService(realm, ofConsole.access())).at("/restrictions/realmRoles")))
                .contains("accountant");
        JsonNode narrow = choices(realm.keysOf(alice)).get("restrictions");
        assertThat(narrow.get("realmRoles")).isEmpty();
        assertThat(narrow.get("clientRoles"))
                .hasToString("{\"account\":[\"manage-account\",\"manage-account-links\"]}");
    }

    @Test
    void organizationsOfTheUserAreOffered() {
        KeysApi own = realm.keysOf(alice);
        realm.organizations().make("acme", "other");
        realm.organizations().join(alice, "acme");

        assertThat(choices(own).at("/restrictions/organizations")).hasToString("[{\"id\":\"acme\",\"name\":\"acme\"}]");
    }

    private KeysApi signedInWith(RawKey key) {
        return KeysApi.selfService(
                realm,
                realm.app()
                        .tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(key.raw()))
                        .access());
    }

    private static JsonNode choices(KeysApi own) {
        KeysApi.Answer answer = own.choices();
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    private static void assertRefused(KeysApi own, String change, String make) {
        JsonNode choices = choices(own);
        assertThat(choices.at("/change/reason").textValue()).isEqualTo(change);
        assertThat(choices.at("/change/allowed").booleanValue()).isEqualTo(change == null);
        assertThat(choices.at("/make/reason").textValue()).isEqualTo(make);
        assertThat(choices.at("/make/allowed").booleanValue()).isFalse();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.textValue()));
        return texts;
    }
}
