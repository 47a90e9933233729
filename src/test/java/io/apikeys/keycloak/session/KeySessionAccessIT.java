package io.apikeys.keycloak.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.events.EventType;

/** Somebody has a session by the key of an administrator, and tries to make more of it. */
@Order(1)
class KeySessionAccessIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);
    private final String users = "/admin/realms/" + realm.name() + "/users";
    private final String credentials = "/realms/" + realm.name() + "/account/credentials";

    @BeforeEach
    void aliceAdministersTheRealm() {
        realm.users().makeAdministrator(alice);
    }

    @Test
    void herPasswordAdministersHerKeyDoesNot() {
        String byPassword =
                realm.app().passwordGrant("alice", TestRealm.PASSWORD).access();
        String byKey = signIn().access();

        assertThat(Rest.with(byPassword).status("GET", users)).isEqualTo(200);
        assertThat(Rest.with(byKey).status("GET", users)).isEqualTo(403);
        assertThat(Rest.with(byKey).status("GET", "/admin/serverinfo")).isEqualTo(403);
        assertThat(Rest.with(byKey)
                        .status(
                                "GET",
                                "/admin/realms/" + realm.name() + "/clients/"
                                        + realm.clients().client("app").getId()
                                        + "/protocol-mappers/protocol/openid-connect"))
                .isEqualTo(403);
        assertThat(Rest.with(byKey).status("GET", "/admin//realms/" + realm.name() + "/users"))
                .isNotEqualTo(200);
        assertThat(Rest.with(byKey).status("GET", "/%61dmin/realms/" + realm.name() + "/users"))
                .isNotEqualTo(200);
        assertThat(KeysApi.admin(realm, byKey)
                        .create(Map.of("name", "successor", "userId", alice.id()))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void norDoesARefreshedTokenOfItsSession() {
        String refreshed = realm.app().refresh(signIn()).access();

        assertThat(Rest.with(refreshed).status("GET", users)).isEqualTo(403);
    }

    @Test
    void norDoesAnOfflineToken() {
        Browser browser = new Browser();
        Page page = realm.app().logIn(browser, Map.of("scope", "openid offline_access"));
        Tokens tokens = realm.app().tokens(page.tryApiKey().typeKey(key.raw()));
        realm.app().logOut(browser, tokens);

        Tokens offline = realm.app().refresh(tokens);

        assertThat(offline.status()).isEqualTo(200);
        assertThat(Rest.with(offline.access()).status("GET", users)).isEqualTo(403);
    }

    @Test
    void norDoesALightweightToken() {
        realm.flow("direct grant by key")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();

        String lightweight = realm.clients()
                .adminCli()
                .directGrant(Map.of("api_key", key.raw()))
                .access();

        assertThat(Rest.with(lightweight).status("GET", users)).isEqualTo(403);
    }

    @Test
    void norDoesAnotherProgramThatGetsSingleSignOn() {
        Browser browser = new Browser();
        realm.app().logIn(browser).tryApiKey().typeKey(key.raw());
        var another = realm.clients().anotherApp();

        String token = another.tokens(another.logIn(browser)).access();

        assertThat(Rest.with(token).status("GET", users)).isEqualTo(403);
    }

    @Test
    void itReadsHerCredentialsButDoesNotChangeThem() {
        String byKey = signIn().access();
        String password =
                realm.admin().users().get(alice.id()).credentials().get(0).getId();

        assertThat(Rest.with(byKey).status("GET", credentials)).isEqualTo(200);
        for (String path : new String[] {
            credentials + "/" + key.id(),
            credentials + "//" + key.id(),
            "/realms/" + realm.name() + "/account/v1/credentials/" + key.id()
        }) {
            assertThat(Rest.with(byKey).status("DELETE", path)).isIn(400, 403, 404);
        }
        assertThat(Rest.with(byKey).status("DELETE", credentials + "/" + password))
                .isEqualTo(403);
        assertThat(Rest.with(byKey).status("PUT", credentials + "/" + password + "/label"))
                .isEqualTo(403);

        assertThat(realm.admin().users().get(alice.id()).credentials()).hasSize(2);
        assertThat(realm.events().ofType(EventType.REMOVE_CREDENTIAL_ERROR))
                .isNotEmpty()
                .allSatisfy(event -> {
                    assertThat(event.getError()).isEqualTo("not_allowed");
                    assertThat(event.getDetails()).containsEntry("api_key_id", key.id());
                });
        assertThat(realm.events().ofType(EventType.UPDATE_CREDENTIAL_ERROR)).hasSize(1);
    }

    @Test
    void norDoATransientTokenAndWhatItIsExchangedFor() {
        App desk = realm.clients().exchanger("desk");
        realm.clients().addToAudience("desk", "desk");
        String token = desk.exchange(key.raw()).access();
        String again = desk.exchangeToken(token, Map.of()).access();
        String ofSession = signInWithAudience("desk");

        for (String each :
                List.of(token, again, desk.exchangeToken(ofSession, Map.of()).access())) {
            assertThat(Rest.with(each).status("GET", users)).isEqualTo(403);
            assertThat(Rest.with(each).status("DELETE", credentials + "/" + key.id()))
                    .isEqualTo(403);
            assertThat(KeysApi.selfService(realm, each)
                            .create(Map.of("name", "successor"))
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void norDoesItRegisterClients() {
        realm.clients().setAttribute("app", "client.use.lightweight.access.token.enabled", "true");
        String clients = "/realms/" + realm.name() + "/clients-registrations/default/app";
        String byPassword =
                realm.app().passwordGrant("alice", TestRealm.PASSWORD).access();

        assertThat(Rest.with(byPassword).status("GET", clients)).isEqualTo(200);
        assertThat(Rest.with(signIn().access()).status("GET", clients)).isEqualTo(403);
    }

    @Test
    void aKeyThatWasMadeToAdministerDoesButChangesNoCredentials() {
        RawKey made = realm.key(
                alice,
                Map.of(
                        "name",
                        "administers",
                        "restrictions",
                        Map.of("clientRoles", Map.of("realm-management", List.of("realm-admin")))));
        String byKey = signIn(made).access();

        assertThat(Rest.with(byKey).status("GET", users)).isEqualTo(200);
        assertThat(KeysApi.admin(realm, byKey)
                        .list(Map.of("userId", alice.id()))
                        .status())
                .isEqualTo(200);
        assertThat(KeysApi.admin(realm, byKey)
                        .create(Map.of("name", "successor", "userId", alice.id()))
                        .status())
                .isEqualTo(403);
        assertThat(Rest.with(byKey).status("PUT", users + "/" + alice.id() + "/reset-password"))
                .isEqualTo(403);
        assertThat(Rest.with(byKey).status("DELETE", users + "/" + alice.id() + "/credentials/" + made.id()))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE_PASSWORD", "CONFIGURE_TOTP", "webauthn-register", "delete_credential"})
    void noProgramStartsAChangeOfCredentials(String action) {
        Browser fresh = new Browser();
        Page afterLogin = realm.app()
                .logIn(fresh, Map.of("kc_action", action))
                .tryApiKey()
                .typeKey(key.raw());
        assertThat(afterLogin.isBackAtTheApp()).isTrue();
        assertThat(afterLogin.parameter("kc_action_status")).isEqualTo("error");

        Page afterSingleSignOn = realm.app().logIn(fresh, Map.of("kc_action", action));
        assertThat(afterSingleSignOn.isBackAtTheApp()).isTrue();
        assertThat(afterSingleSignOn.parameter("kc_action_status")).isEqualTo("error");

        Page afterAuthenticatingAgain = realm.app()
                .logIn(fresh, Map.of("kc_action", action, "prompt", "login"))
                .tryApiKey()
                .typeKey(key.raw());
        assertThat(afterAuthenticatingAgain.parameter("kc_action_status")).isEqualTo("error");

        assertThat(realm.events().ofType(EventType.UPDATE_CREDENTIAL_ERROR))
                .hasSize(3)
                .allSatisfy(event -> {
                    assertThat(event.getError()).isEqualTo("not_allowed");
                    assertThat(event.getDetails()).containsEntry("api_key_id", key.id());
                });
    }

    @Test
    void noOtherAccountIsLinked() {
        Browser byKey = new Browser();
        realm.app().logIn(byKey).tryApiKey().typeKey(key.raw());
        Browser byPassword = new Browser();
        realm.app().logIn(byPassword).logIn("alice", TestRealm.PASSWORD);
        URI link = KeycloakServer.running()
                .uri("/realms/" + realm.name() + "/broker/elsewhere/link?client_id=app&nonce=x&hash=eHg&redirect_uri="
                        + "http://127.0.0.1:1/callback");

        assertThat(byKey.open(link).status()).isEqualTo(403);
        assertThat(byPassword.open(link).status()).isNotEqualTo(403);
        assertThat(Rest.with(signIn().access())
                        .status("DELETE", "/realms/" + realm.name() + "/account/linked-accounts/elsewhere"))
                .isEqualTo(403);
    }

    @Test
    void whoSignsInByPasswordStillCanStartOne() {
        Page page = realm.app()
                .logIn(new Browser(), Map.of("kc_action", "UPDATE_PASSWORD"))
                .logIn("alice", TestRealm.PASSWORD);

        assertThat(page.html().selectFirst("#kc-passwd-update-form")).isNotNull();
    }

    private String signInWithAudience(String client) {
        realm.clients().addToAudience(client);
        return signIn().access();
    }

    private Tokens signIn() {
        return signIn(key);
    }

    private Tokens signIn(RawKey with) {
        return realm.app().tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(with.raw()));
    }
}
