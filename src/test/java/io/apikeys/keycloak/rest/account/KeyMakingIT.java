package io.apikeys.keycloak.rest.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.keycloak.events.EventType;

/** To make a key by REST takes no less than to make one on the page: the user, a recent login, and no more than their token. */
@Order(1)
class KeyMakingIT {

    private static final String CHALLENGE = "Bearer error=\"insufficient_user_authentication\", error_description=\""
            + "This requires a login within the last %1$s seconds. Sign in again.\", max_age=\"%1$s\"";

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);

    @Test
    void anImpersonatorMakesNone() {
        realm.keys().change(key.id(), Map.of("enabled", false));
        KeysApi impersonator = impersonator();

        for (Answer refused : List.of(
                impersonator.create(Map.of("name", "x")),
                impersonator.rotate(key.id(), null),
                impersonator.change(key.id(), Map.of("enabled", true)))) {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.errorMessage())
                    .isEqualTo("Nobody can make, rotate or enable API keys while impersonating a user.");
        }
        assertThat(realm.events().ofType(EventType.UPDATE_CREDENTIAL_ERROR))
                .hasSize(3)
                .allSatisfy(event -> {
                    assertThat(event.getUserId()).isEqualTo(alice.id());
                    assertThat(event.getDetails()).containsEntry("impersonator", KeycloakServer.ADMIN);
                });
        assertThat(impersonator.list(Map.of()).keys()).hasSize(1);
    }

    /** Keycloak opens a new session there, which does not know by itself what the old one was. */
    @Test
    void aFreshLoginKeepsTheImpersonatorAndTheLoginTime() throws InterruptedException {
        realm.setPolicy(Map.of("max_auth_age", "3"));
        Browser impersonating = new Browser();
        realm.sessions().impersonate(alice, impersonating);
        Browser old = new Browser();
        realm.app().tokens(realm.app().logIn(old).logIn("alice", TestRealm.PASSWORD));
        realm.clients().requireConsent("app");
        Thread.sleep(4_100);

        Answer byImpersonator = inFreshLogin(impersonating).create(Map.of("name", "x"));
        Answer byOldLogin = inFreshLogin(old).create(Map.of("name", "x"));

        assertThat(byImpersonator.status()).isEqualTo(403);
        assertChallenged(byOldLogin, 3);
    }

    private KeysApi inFreshLogin(Browser signedIn) {
        Browser fresh = new Browser();
        realm.app().logIn(fresh);
        fresh.takeSessionOf(signedIn);
        Page consent = realm.app().logIn(fresh, Map.of("prompt", "consent"));
        return KeysApi.selfService(
                realm,
                realm.app().tokens(consent.submit(Map.of("accept", "Yes"))).access());
    }

    @Test
    void whatAnImpersonatorMayDoIsInTheEvents() {
        KeysApi impersonator = impersonator();

        assertThat(impersonator.change(key.id(), Map.of("name", "renamed")).status())
                .isEqualTo(200);
        assertThat(impersonator.delete(key.id()).status()).isEqualTo(204);

        assertThat(realm.events().ofType(EventType.UPDATE_CREDENTIAL, EventType.REMOVE_CREDENTIAL))
                .hasSize(2)
                .allSatisfy(
                        event -> assertThat(event.getDetails()).containsEntry("impersonator", KeycloakServer.ADMIN));
    }

    @Test
    void anImpersonatorIsNotShownThePage() {
        realm.setPolicy(Map.of("max_auth_age", "2147483647"));
        Browser browser = new Browser();
        realm.sessions().impersonate(alice, browser);

        assertThat(realm.app()
                        .logIn(browser, Map.of("kc_action", "CREATE_API_KEY"))
                        .isBackAtTheApp())
                .isTrue();
        realm.users().requireAction(alice, "CREATE_API_KEY");
        assertThat(realm.app().logIn(browser).isBackAtTheApp()).isTrue();

        assertThat(realm.keys().list(Map.of()).keys()).hasSize(1);
        assertThat(realm.events().ofType(EventType.UPDATE_CREDENTIAL_ERROR))
                .isNotEmpty()
                .allSatisfy(
                        event -> assertThat(event.getDetails()).containsEntry("impersonator", KeycloakServer.ADMIN));
    }

    @Test
    void aLoginOfLongAgoHasToBeRepeated() throws InterruptedException {
        realm.setPolicy(Map.of("max_auth_age", "3"));
        Browser browser = new Browser();
        Tokens first = realm.app().tokens(realm.app().logIn(browser).logIn("alice", TestRealm.PASSWORD));
        KeysApi own = KeysApi.selfService(realm, first.access());
        String made = own.create(Map.of("name", "at once")).key().id();
        assertThat(own.change(made, Map.of("enabled", false)).status()).isEqualTo(200);

        Thread.sleep(4_100);

        Tokens refreshed = realm.app().refresh(first);
        Tokens bySingleSignOn = realm.app().tokens(realm.app().logIn(browser));
        for (Tokens tokens : List.of(first, refreshed, bySingleSignOn)) {
            KeysApi late = KeysApi.selfService(realm, tokens.access());
            assertChallenged(late.create(Map.of("name", "later")), 3);
            assertChallenged(late.rotate(key.id(), null), 3);
            assertChallenged(late.change(made, Map.of("enabled", true)), 3);
        }
        assertThat(own.change(made, Map.of("name", "renamed")).status()).isEqualTo(200);
        assertThat(own.change(key.id(), Map.of("restrictions", Map.of("clients", List.of("app"))))
                        .status())
                .isEqualTo(200);
        assertThat(own.delete(made).status()).isEqualTo(204);

        for (Map<String, String> asked : List.of(Map.of("prompt", "login"), Map.of("max_age", "3"))) {
            Thread.sleep(4_100);
            Page page = realm.app().logIn(browser, asked);
            if (page.asksForKey()) {
                page = page.tryAnotherWay("Username and password");
            }
            Tokens again = realm.app().tokens(page.logIn("alice", TestRealm.PASSWORD));
            assertThat(KeysApi.selfService(realm, again.access())
                            .create(Map.of("name", asked.toString()))
                            .status())
                    .isEqualTo(201);
            assertThat(KeysApi.selfService(realm, bySingleSignOn.access())
                            .create(Map.of("name", "by an older token of " + asked))
                            .status())
                    .as("it is the login that has to be recent, not the token")
                    .isEqualTo(201);
        }
    }

    @Test
    void sessionsThatNobodyHasSignedInToAreNotRecent() {
        Tokens offline = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser(), Map.of("scope", "openid offline_access"))
                        .logIn("alice", TestRealm.PASSWORD));
        App desk = realm.clients().exchanger("desk");
        realm.clients().addToAudience("desk");
        Tokens exchanged = desk.exchangeToken(realm.signIn(alice).access(), Map.of());

        for (Tokens tokens : List.of(offline, exchanged)) {
            KeysApi own = KeysApi.selfService(realm, tokens.access());
            assertThat(own.list(Map.of()).status()).isEqualTo(200);
            assertChallenged(own.create(Map.of("name", "x")), 300);
        }
    }

    @Test
    void thePasswordGrantIsALoginUntilItIsTooLongAgo() throws InterruptedException {
        realm.setPolicy(Map.of("max_auth_age", "3"));
        Tokens tokens = realm.app().passwordGrant("alice", TestRealm.PASSWORD);
        KeysApi own = KeysApi.selfService(realm, tokens.access());

        assertThat(own.create(Map.of("name", "at once")).status()).isEqualTo(201);
        Thread.sleep(4_100);

        assertChallenged(own.create(Map.of("name", "later")), 3);
        assertChallenged(
                KeysApi.selfService(realm, realm.app().refresh(tokens).access()).create(Map.of("name", "refreshed")),
                3);
    }

    @Test
    void aWebPageCanReadTheChallenge() {
        String token = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser(), Map.of("scope", "openid offline_access"))
                        .logIn("alice", TestRealm.PASSWORD))
                .access();

        HttpResponse<String> answer = new Http()
                .send(Http.request(KeycloakServer.running().uri("/realms/" + realm.name() + "/api-keys"))
                        .header("Origin", "http://app.example")
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"name\":\"x\"}")));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains(CHALLENGE.formatted(300));
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("http://app.example");
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
                .contains("WWW-Authenticate");
    }

    @Test
    void aTokenWithAllRolesGivesAnUnrestrictedKey() {
        realm.users().giveRole(alice, "accountant");

        assertThat(realm.keysOf(alice).create(Map.of("name", "x")).shown().has("restrictions"))
                .isFalse();
    }

    @Test
    void aKeyGetsAtMostTheRolesThatTheTokenShows() {
        realm.users().giveRole(alice, "accountant");
        showFewRoles();
        KeysApi own = realm.keysOf(alice);

        Answer made = own.create(Map.of("name", "x", "restrictions", Map.of("scopes", List.of("email"))));

        JsonNode restrictions = made.body().path("restrictions");
        assertThat(restrictions.path("realmRoles")).hasToString("[]");
        assertThat(restrictions.path("clientRoles"))
                .hasToString("{\"account\":[\"manage-account\",\"manage-account-links\"]}");
        assertThat(restrictions.path("scopes")).hasToString("[\"email\"]");
        assertThat(realm.gateway()
                        .ask(made.key().raw(), "include=roles")
                        .headers()
                        .firstValue("X-Auth-Roles"))
                .contains("account:manage-account,account:manage-account-links");
    }

    @Test
    void otherRolesCannotBeAskedFor() {
        realm.users().giveRole(alice, "accountant");
        showFewRoles();
        KeysApi own = realm.keysOf(alice);

        Answer realmRole = own.create(Map.of("name", "x", "restrictions", Map.of("realmRoles", List.of("accountant"))));
        assertThat(realmRole.status()).isEqualTo(400);
        assertThat(realmRole.field()).isEqualTo("restrictions.realmRoles");
        assertThat(realmRole.errorMessage()).contains("'accountant'");
        Answer clientRole = own.create(
                Map.of("name", "x", "restrictions", Map.of("clientRoles", Map.of("account", List.of("view-profile")))));
        assertThat(clientRole.status()).isEqualTo(400);
        assertThat(clientRole.field()).isEqualTo("restrictions.clientRoles.account");
        Answer shown = own.create(Map.of(
                "name", "x", "restrictions", Map.of("clientRoles", Map.of("account", List.of("manage-account")))));
        assertThat(shown.status()).isEqualTo(201);
        assertThat(shown.body().at("/restrictions/realmRoles")).hasToString("[]");
    }

    @Test
    void aWiderKeyIsNeitherRotatedNorEnabled() {
        showFewRoles();
        KeysApi own = realm.keysOf(alice);
        realm.keys().change(key.id(), Map.of("enabled", false));
        RawKey narrow = own.create(Map.of("name", "narrow")).key();
        RawKey wide = realm.key(alice);

        for (Answer refused : List.of(own.rotate(wide.id(), null), own.change(key.id(), Map.of("enabled", true)))) {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.errorMessage()).startsWith("The API key has roles that the token");
        }
        assertThat(own.rotate(narrow.id(), null).status()).isEqualTo(201);
        assertThat(realm.gateway().check(wide.raw()).statusCode()).isEqualTo(200);
    }

    @Test
    void clientsThatTheRealmTrustsMakeKeysWithAllRoles() {
        showFewRoles();
        KeysApi own = realm.keysOf(alice);
        realm.setPolicy(Map.of("trusted-clients", "account-console , app"));

        assertThat(own.create(Map.of("name", "x")).shown().has("restrictions")).isFalse();
        assertThat(own.rotate(key.id(), null).status()).isEqualTo(201);

        realm.setPolicy(Map.of("trusted-clients", ""));
        assertThat(own.create(Map.of("name", "y")).shown().has("restrictions")).isTrue();
    }

    @Test
    void theAccountConsoleIsTrustedUnlessTheRealmSaysOtherwise() {
        App console = realm.clients().accountConsole();
        realm.users().giveRole(alice, "accountant");
        Tokens tokens = console.tokens(console.logIn(new Browser()).logIn("alice", TestRealm.PASSWORD));
        assertThat(tokens.accessClaims().has("realm_access")).isFalse();
        KeysApi own = KeysApi.selfService(realm, tokens.access());

        assertThat(own.create(Map.of("name", "x")).shown().has("restrictions")).isFalse();

        realm.setPolicy(Map.of("trusted-clients", "app"));
        assertThat(own.create(Map.of("name", "y")).shown().has("restrictions")).isTrue();
    }

    @Test
    void rolesThatAdministerAreNotGivenUnasked() {
        realm.users().makeAdministrator(alice);
        realm.users().giveRole(alice, "accountant");
        realm.users().giveAppRole(alice, "writer");
        realm.clients().scopes().restrict("app");
        realm.clients().scopes().addRole("app", "account", "manage-account");
        realm.clients().scopes().addRole("app", "realm-management", "realm-admin");

        Answer made = realm.keysOf(alice).create(Map.of("name", "x"));

        assertThat(made.body().at("/restrictions/clientRoles").has("realm-management"))
                .isFalse();
        assertThat(made.body().at("/restrictions/clientRoles/app")).hasToString("[\"writer\"]");
        String token = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser())
                        .tryApiKey()
                        .typeKey(made.key().raw()))
                .access();
        assertThat(Rest.with(token).status("GET", "/admin/realms/" + realm.name() + "/users"))
                .isEqualTo(403);
    }

    private KeysApi impersonator() {
        Browser browser = new Browser();
        realm.sessions().impersonate(alice, browser);
        return KeysApi.selfService(
                realm, realm.app().tokens(realm.app().logIn(browser)).access());
    }

    /** Tokens of the app show manage-account of client account, and what is in it. */
    private void showFewRoles() {
        realm.clients().scopes().restrict("app");
        realm.clients().scopes().addRole("app", "account", "manage-account");
    }

    private static void assertChallenged(Answer answer, int maxAge) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo(CHALLENGE.formatted(maxAge));
        assertThat(answer.errorMessage()).contains("Sign in again");
    }
}
