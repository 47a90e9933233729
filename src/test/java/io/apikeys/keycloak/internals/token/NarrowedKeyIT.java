package io.apikeys.keycloak.internals.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.Claims;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A narrowed key gives no more than it lets through, by whichever door and however its tokens are traded on. */
class NarrowedKeyIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final App desk = realm.clients().exchanger("desk");
    private RawKey key;

    @BeforeEach
    void aliceIsAccountantAndBoss() {
        realm.users().giveRole(alice, "accountant");
        realm.users().giveRole(alice, "boss");
        realm.users().giveAppRole(alice, "reader");
        realm.users().giveAppRole(alice, "writer");
        key = narrow(Map.of(
                "realmRoles", List.of("accountant"),
                "clientRoles", Map.of("app", List.of("reader")),
                "scopes", List.of("roles", "profile", "offline_access", "acr", "basic")));
        realm.flow("direct grant by key")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();
        realm.clients().addMapper("app", "oidc-usermodel-realm-role-mapper", rolesAt("groups"));
        realm.clients().addMapper("desk", "oidc-usermodel-realm-role-mapper", rolesAt("groups"));
        realm.clients().addToAudience("desk");
        realm.clients().addToAudience("desk", "desk");
    }

    @Test
    void theLoginPage() {
        assertNarrow(signIn(new Browser()));
    }

    @Test
    void aRefreshedToken() {
        Tokens refreshed = realm.app().refresh(signIn(new Browser()));

        assertNarrow(refreshed);
        assertNarrow(realm.app().refresh(refreshed));
    }

    @Test
    void singleSignOnIntoAnotherProgram() {
        Browser browser = new Browser();
        signIn(browser);
        App another = realm.clients().anotherApp();

        Tokens tokens = another.tokens(another.logIn(browser));
        assertNarrowButForGroups(tokens.accessClaims());
        assertThat(tokens.body().get("scope").textValue()).doesNotContain("email");
        assertThat(tokens.idClaims().has("email")).isFalse();
    }

    @Test
    void offlineTokens() {
        Tokens offline = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser(), Map.of("scope", "openid offline_access"))
                        .tryApiKey()
                        .typeKey(narrow(Map.of(
                                        "realmRoles", List.of("accountant", "offline_access"),
                                        "clientRoles", Map.of("app", List.of("reader")),
                                        "scopes", List.of("roles", "profile", "offline_access")))
                                .raw()));

        assertThat(offline.body().get("refresh_expires_in").asLong()).isZero();
        assertThat(offline.accessClaims().realmRoles()).containsExactlyInAnyOrder("accountant", "offline_access");
        assertThat(realm.app().refresh(offline).accessClaims().realmRoles())
                .containsExactlyInAnyOrder("accountant", "offline_access");
    }

    @Test
    void aKeyWithoutTheScopeGetsNoOfflineToken() {
        RawKey online = narrow(Map.of("scopes", List.of("roles")));

        Tokens tokens = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser(), Map.of("scope", "openid offline_access"))
                        .tryApiKey()
                        .typeKey(online.raw()));

        assertThat(tokens.body().get("refresh_expires_in").asLong()).isPositive();
        assertThat(tokens.accessClaims().text("scope")).doesNotContain("offline_access");
    }

    @Test
    void directGrant() {
        assertNarrow(realm.app().directGrant(Map.of("api_key", key.raw(), "scope", "openid")));
    }

    @Test
    void tokenExchange() {
        assertNarrow(desk.exchange(key.raw(), Map.of("scope", "openid")));
    }

    @Test
    void exchangeOfANarrowedTokenForAnother() {
        assertNarrow(desk.exchangeToken(signIn(new Browser()).access(), Map.of("scope", "openid")));
        String transientToken =
                desk.exchange(key.raw(), Map.of("scope", "openid")).access();
        Tokens once = desk.exchangeToken(transientToken, Map.of("scope", "openid"));
        assertNarrow(once);
        assertNarrow(desk.exchangeToken(once.access(), Map.of("scope", "openid")));
    }

    @Test
    void userinfo() {
        String kept = signIn(new Browser()).access();
        String transientToken =
                desk.exchange(key.raw(), Map.of("scope", "openid")).access();
        for (Claims claims : List.of(
                realm.app().userinfo(kept).claims(),
                realm.app().userinfoByForm(kept).claims(),
                desk.userinfo(transientToken).claims(),
                desk.userinfoByForm(transientToken).claims())) {
            assertThat(claims.subject()).isEqualTo(alice.id());
            assertThat(texts(claims.get("groups"))).containsExactly("accountant");
            assertThat(claims.text("given_name")).isEqualTo("alice");
            assertThat(claims.has("email")).isFalse();
        }
    }

    @Test
    void introspectionOfALightweightToken() {
        for (String client : new String[] {"app", "desk"}) {
            realm.clients().setAttribute(client, "client.use.lightweight.access.token.enabled", "true");
        }
        String kept = signIn(new Browser()).access();
        String transientToken =
                desk.exchange(key.raw(), Map.of("scope", "openid")).access();
        for (String token : List.of(kept, transientToken)) {
            assertNarrow(realm.clients()
                    .existingResourceServer("desk")
                    .introspect(token)
                    .claims());
        }
    }

    @Test
    void introspectionOfTheKeyItself() {
        Claims answer = realm.clients()
                .existingResourceServer("desk")
                .introspect(key.raw())
                .claims();

        assertThat(answer.realmRoles()).containsExactly("accountant");
        assertThat(texts(answer.at("/resource_access/app/roles"))).containsExactly("reader");
        assertThat(answer.text("scope")).isEqualTo("acr basic offline_access profile roles");
    }

    @Test
    void theGatewayCheck() {
        assertThat(realm.gateway().ask(key.raw(), "include=roles").headers().firstValue("X-Auth-Roles"))
                .hasValue("accountant,app:reader");
        assertThat(realm.gateway().check(key.raw(), "boss").statusCode()).isEqualTo(403);
        assertThat(realm.gateway().check(key.raw(), "app:writer").statusCode()).isEqualTo(403);
    }

    @Test
    void aCompositeRoleStandsForWhatIsInIt() {
        realm.users().makeRole("staff");
        realm.users().compose("staff", "accountant");
        realm.users().compose("staff", "boss");

        Tokens tokens =
                desk.exchange(narrow(Map.of("realmRoles", List.of("staff"))).raw());

        assertThat(tokens.accessClaims().realmRoles()).containsExactlyInAnyOrder("accountant", "boss");
    }

    @Test
    void neverMoreThanTheHolderHas() {
        realm.users().makeRole("emperor");
        RawKey ambitious = narrow(Map.of("realmRoles", List.of("accountant", "emperor")));

        assertThat(desk.exchange(ambitious.raw()).accessClaims().realmRoles()).containsExactly("accountant");
        assertThat(realm.gateway().check(ambitious.raw(), "emperor").statusCode())
                .isEqualTo(403);
    }

    @Test
    void aHardcodedRoleIsNoWayRound() {
        realm.users().makeRole("emperor");
        realm.clients().addMapper("desk", "oidc-hardcoded-role-mapper", Map.of("role", "emperor"));

        assertThat(desk.exchange(key.raw()).accessClaims().realmRoles()).containsExactly("accountant");
        assertThat(desk.exchange(realm.key(alice).raw()).accessClaims().realmRoles())
                .contains("emperor");
    }

    @Test
    void aScopeThatIsThereForARoleGoesWithTheRole() {
        realm.clients().scopes().makeForRole("bosses", "boss");
        realm.clients().scopes().give("desk", "bosses");

        RawKey without = narrow(Map.of("realmRoles", List.of("accountant")));
        RawKey with = narrow(Map.of("realmRoles", List.of("boss")));

        assertThat(desk.exchange(without.raw()).accessClaims().text("scope")).doesNotContain("bosses");
        assertThat(desk.exchange(with.raw()).accessClaims().text("scope")).contains("bosses");
    }

    @Test
    void theImplicitFlowGivesNothingThatItCouldNotNarrow() {
        realm.clients().enableImplicitFlow("app");

        var page = realm.app()
                .logIn(new Browser(), Map.of("response_type", "token"))
                .tryApiKey()
                .typeKey(key.raw());

        assertThat(page.isBackAtTheApp() && page.uri().toString().contains("access_token"))
                .isFalse();
        assertThat(page.status()).isEqualTo(400);
    }

    @Test
    void theImplicitFlowGivesNothingThatOutlivesTheKey() {
        realm.clients().enableImplicitFlow("app");
        RawKey brief = realm.key(alice, Map.of("name", "brief", "expiresIn", 60));

        var page = realm.app()
                .logIn(new Browser(), Map.of("response_type", "id_token", "nonce", "n"))
                .tryApiKey()
                .typeKey(brief.raw());

        assertThat(page.status()).isEqualTo(400);
    }

    @Test
    void aForgedTokenBesideItsOwnMakesItNoOtherKey() {
        RawKey wide = realm.key(alice, Map.of("name", "wide"));
        String forged = encoded("{\"alg\":\"none\"}")
                + "."
                + encoded("{\"sub\":\"" + alice.id() + "\",\"azp\":\"desk\",\"api_key_id\":\"" + wide.id() + "\"}")
                + ".";
        String token = desk.exchange(key.raw(), Map.of("scope", "openid")).access();

        Tokens beside = desk.exchangeToken(token, Map.of("scope", "openid", "aaa", forged, "state", forged));

        assertNarrow(beside);
        assertThat(beside.accessClaims().keyId()).isEqualTo(key.id());
        realm.keys().delete(key.id());
        assertThat(desk.exchangeToken(token, Map.of("aaa", forged)).status()).isEqualTo(400);
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    @Test
    void aPermissionTicketGivesNothingMore() {
        realm.clients().authorization().enable("desk");
        String token = desk.exchange(key.raw(), Map.of("scope", "openid")).access();

        Tokens permissions = desk.permissions(token);

        assertThat(permissions.status()).isEqualTo(200);
        assertThat(permissions.accessClaims().realmRoles()).containsExactly("accountant");
        assertThat(permissions.accessClaims().keyId()).isEqualTo(key.id());
    }

    @Test
    void aSamlAssertion() {
        Browser browser = new Browser();
        signIn(browser);
        realm.clients().saml().make("saml-program");
        String assertion = realm.clients().saml().assertionOf("saml-program", browser);

        assertThat(assertion).contains(">accountant<").doesNotContain(">boss<").doesNotContain(">writer<");
    }

    @Test
    void aProgramWithoutABrowserByDeviceCode() {
        realm.clients().setAttribute("app", "oauth2.device.authorization.grant.enabled", "true");
        JsonNode device = realm.app().askForDeviceCode();

        new Browser()
                .open(URI.create(device.get("verification_uri_complete").textValue()))
                .tryApiKey()
                .typeKey(key.raw())
                .submit(Map.of("accept", "Yes"));

        assertNarrow(realm.app().tokensOfDevice(device));
    }

    @Test
    void aKeyForOneClientOpensNoOther() {
        Browser browser = new Browser();
        RawKey forApp = narrow(Map.of("clients", List.of("app")));
        String token = realm.app()
                .tokens(realm.app().logIn(browser).tryApiKey().typeKey(forApp.raw()))
                .access();
        App another = realm.clients().anotherApp();

        assertThat(another.logIn(browser).status()).as("by single sign-on").isEqualTo(403);
        assertThat(desk.exchangeToken(token, Map.of()).status())
                .as("by exchange")
                .isEqualTo(400);
        assertThat(realm.gateway().check(forApp.raw()).statusCode())
                .as("at a gateway that is no client")
                .isEqualTo(401);
        assertThat(realm.app().userinfo(token).status()).isEqualTo(200);
    }

    @Test
    void aForgedAddressIsNotBelieved() {
        RawKey elsewhere = narrow(Map.of("cidrs", List.of("192.0.2.0/24")));
        var request = realm.gateway().request().header("X-API-Key", elsewhere.raw());
        for (String header : new String[] {"X-Forwarded-For", "X-Real-IP", "Client-IP"}) {
            request.header(header, "192.0.2.1");
        }

        assertThat(realm.gateway()
                        .check(request.header("Forwarded", "for=192.0.2.1"))
                        .statusCode())
                .as("Keycloak has not been told of a proxy")
                .isEqualTo(401);
        assertThat(realm.gateway()
                        .check(narrow(Map.of("cidrs", List.of("0.0.0.0/0", "::/0")))
                                .raw())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void narrowingBindsTheSessionsThatAreThere() {
        Tokens before = signIn(new Browser());

        realm.keys().change(key.id(), Map.of("restrictions", Map.of("realmRoles", List.of())));

        assertThat(before.accessClaims().has("realm_access")).isTrue();
        assertThat(realm.app().refresh(before).accessClaims().realmRoles()).isEmpty();
    }

    @Test
    void sessionsByPasswordAreAsTheyWere() {
        realm.flow("direct grant").bindToDirectGrant();

        Tokens tokens = realm.app().passwordGrant("alice", TestRealm.PASSWORD);

        assertThat(tokens.accessClaims().realmRoles()).contains("accountant", "boss");
        assertThat(tokens.accessClaims().has("api_key_id")).isFalse();
        assertThat(texts(realm.app().userinfo(tokens.access()).body().get("groups")))
                .contains("boss");
        assertThat(texts(realm.app().userinfoByForm(tokens.access()).body().get("groups")))
                .contains("boss");
    }

    private RawKey narrow(Map<String, Object> restrictions) {
        return realm.key(alice, Map.of("name", "narrow " + restrictions.hashCode(), "restrictions", restrictions));
    }

    private Tokens signIn(Browser browser) {
        return realm.app().tokens(realm.app().logIn(browser).tryApiKey().typeKey(key.raw()));
    }

    private void assertNarrow(Tokens tokens) {
        assertNarrow(tokens.accessClaims());
        assertThat(tokens.body().get("scope").textValue()).doesNotContain("email");
        assertThat(tokens.idClaims().has("email")).isFalse();
        assertThat(texts(tokens.idClaims().get("groups"))).containsExactly("accountant");
    }

    private void assertNarrow(Claims claims) {
        assertNarrowButForGroups(claims);
        assertThat(texts(claims.get("groups"))).containsExactly("accountant");
    }

    /** Checks claims for a program that has no mapper for groups. */
    private void assertNarrowButForGroups(Claims claims) {
        assertThat(claims.realmRoles()).containsExactly("accountant");
        assertThat(texts(claims.at("/resource_access/app/roles"))).containsExactly("reader");
        assertThat(claims.get("resource_access")).hasSize(1);
        assertThat(claims.scopes()).contains("openid", "profile").doesNotContain("email");
        assertThat(claims.has("email")).isFalse();
        assertThat(claims.keyId()).isEqualTo(key.id());
    }

    private static Map<String, String> rolesAt(String claim) {
        return Map.of(
                "claim.name", claim,
                "multivalued", "true",
                "jsonType.label", "String",
                "id.token.claim", "true",
                "access.token.claim", "true",
                "userinfo.token.claim", "true",
                "introspection.token.claim", "true");
    }

    private static Stream<String> texts(JsonNode array) {
        return array == null
                ? Stream.empty()
                : Stream.iterate(0, i -> i < array.size(), i -> i + 1)
                        .map(i -> array.get(i).textValue());
    }
}
