package io.apikeys.keycloak.holder;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.Feature;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever part of Keycloak asks the holder of a key for roles sees those that the key allows. */
@Order(1)
class NarrowedHolderIT {

    private static final Pattern SESSION_END = Pattern.compile("SessionNotOnOrAfter=\"([^\"]+)\"");

    private static final String ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken";

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final App desk = realm.clients().exchanger("desk");
    private final String admin = "/admin/realms/" + realm.name();
    private final String token = "/realms/" + realm.name() + "/protocol/openid-connect/token";

    @BeforeEach
    void aliceIsMoreThanHerKey() {
        realm.users().giveRole(alice, "accountant");
        realm.users().giveRole(alice, "boss");
        realm.clients().addToAudience("desk");
        realm.clients().addToAudience("desk", "desk");
    }

    @Test
    void aKeyThatNamesOneAdminRoleAdministersThatPart() {
        realm.users().makeAdministrator(alice);
        Rest byKey = Rest.with(token(
                key(Map.of("clientRoles", Map.of("realm-management", List.of("view-users", "query-users"))))));

        assertThat(byKey.get(admin + "/users").status()).isEqualTo(200);
        assertThat(byKey.get(admin + "/users/" + alice.id()).status()).isEqualTo(200);
        assertThat(byKey.get(admin + "/clients").status()).isEqualTo(403);
        assertThat(byKey.get(admin + "/events").status()).isEqualTo(403);
        assertThat(byKey.put(admin + "/users/" + alice.id(), Map.of("firstName", "Alicia"))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.post(admin + "/roles", Map.of("name", "new-role")).status())
                .isEqualTo(403);
    }

    /** They can be granted to a user as such, which no role takes away. */
    @Test
    void whereARealmUsesFineGrainedPermissionsAKeyAdministersWhollyOrNotAtAll() {
        realm.users().makeAdministrator(alice);
        realm.settings().turnFineGrainedPermissionsOn();
        String partly = token(key(Map.of("clientRoles", Map.of("realm-management", List.of("view-users")))));
        String wholly = token(key(Map.of("clientRoles", Map.of("realm-management", List.of("realm-admin")))));
        User bob = realm.user("bob");
        String ofNobody = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser())
                        .tryApiKey()
                        .typeKey(realm.key(bob).raw()))
                .access();

        assertThat(Rest.with(partly).get(admin + "/users").status()).isEqualTo(403);
        assertThat(Rest.with(wholly).get(admin + "/users").status()).isEqualTo(200);
        assertThat(Rest.with(ofNobody).get(admin + "/users").status()).isEqualTo(403);
        realm.users().makeRole("nothing");
        realm.users().joinGroupWithRole(alice, "helpdesk", "nothing");
        String group = realm.admin().groups().groups("helpdesk", 0, 1).get(0).getId();
        assertThat(Rest.with(wholly)
                        .put(admin + "/users/" + bob.id() + "/groups/" + group, Map.of())
                        .status())
                .as("a group may be one that administers")
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPolicyForRolesSeesOnlyThoseThatTheKeyAllows(boolean fetchRoles) {
        realm.clients().authorization().enableForRole("desk", "boss", fetchRoles);
        Tokens whole = realm.app().passwordGrant("alice", TestRealm.PASSWORD);
        Tokens ofKey = tokens(key(Map.of("realmRoles", List.of("accountant"))));
        String exchanged = desk.exchange(
                        key(Map.of("realmRoles", List.of("accountant"))).raw(), Map.of("scope", "openid"))
                .access();

        assertThat(desk.permissions(whole.access()).status()).isEqualTo(200);
        assertThat(desk.permissions(ofKey.access()).status()).isEqualTo(403);
        assertThat(desk.permissions(exchanged).status()).as("transient session").isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "decision", "permissions"})
    void noIdTokenAsClaimTokenShedsTheKey(String responseMode) {
        realm.clients().authorization().enableForRole("desk", "boss", true);
        Map<String, String> form = byIdToken(key(Map.of("realmRoles", List.of("accountant"))));
        if (!responseMode.isEmpty()) {
            form.put("response_mode", responseMode);
        }

        assertThat(desk.tokenRequest(form).status()).isEqualTo(403);
    }

    /** Keycloak would ask its policies with all scopes of the client. */
    @Test
    void anIdTokenOfAKeyForFewScopesAsksForNoPermissions() {
        realm.clients().authorization().enableForRole("desk", "boss", false);

        assertThat(desk.tokenRequest(byIdToken(key(Map.of()))).status()).isEqualTo(200);
        assertThat(desk.tokenRequest(byIdToken(key(Map.of("scopes", List.of("profile", "roles")))))
                        .status())
                .isEqualTo(400);
    }

    /** Asks for permissions with an ID token instead of an access token. */
    private Map<String, String> byIdToken(RawKey with) {
        realm.clients().signUsersIn("desk");
        App site = realm.clients().existingApp("desk");
        String idToken = site.tokens(site.logIn(new Browser()).tryApiKey().typeKey(with.raw()))
                .id();
        return new HashMap<>(Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:uma-ticket",
                "audience",
                "desk",
                "client_id",
                "desk",
                "client_secret",
                RealmClients.SECRET,
                "claim_token",
                idToken,
                "subject_token",
                idToken,
                "claim_token_format",
                ID_TOKEN_FORMAT));
    }

    @Test
    void groupsGiveNoRolesThatTheKeyDoesNotAllow() {
        realm.users().joinGroupWithRole(alice, "bosses", "boss");
        RawKey narrow = key(Map.of("realmRoles", List.of("accountant")));

        assertThat(tokens(narrow).accessClaims().realmRoles()).containsExactly("accountant");
    }

    @Test
    void compositesGiveNoRolesThatTheKeyDoesNotAllow() {
        realm.users().giveRole(alice, "composite");
        realm.users().makeRole("part");
        realm.users().compose("composite", "part");
        realm.users().makeRole("other-part");
        realm.users().compose("composite", "other-part");

        assertThat(tokens(key(Map.of("realmRoles", List.of("part"))))
                        .accessClaims()
                        .realmRoles())
                .containsExactly("part");
        assertThat(tokens(key(Map.of("realmRoles", List.of("composite"))))
                        .accessClaims()
                        .realmRoles())
                .containsExactlyInAnyOrder("composite", "part", "other-part");
    }

    @Test
    void whatAKeyTokenThatIsMerelySentAlongNarrowsIsNotTheLogin() {
        realm.flow("direct grant with second factor for bosses")
                .create()
                .step("direct-grant-validate-username", "REQUIRED")
                .step("direct-grant-validate-password", "REQUIRED")
                .subflow("for bosses", "CONDITIONAL")
                .step("conditional-user-role", "REQUIRED", Map.of("condUserRole", "boss"))
                .step("deny-access-authenticator", "REQUIRED")
                .bindToDirectGrant();
        String ofKey = token(key(Map.of("realmRoles", List.of("accountant"))));

        Rest.Answer answer = Rest.with(ofKey)
                .form(
                        token,
                        Map.of(
                                "grant_type", "password",
                                "client_id", "app",
                                "username", "alice",
                                "password", TestRealm.PASSWORD));

        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void aSamlProgramThatTheKeyIsNotForLearnsNothing() {
        Browser browser = new Browser();
        RawKey forApp = key(Map.of("clients", List.of("app")));
        realm.app().tokens(realm.app().logIn(browser).tryApiKey().typeKey(forApp.raw()));

        realm.clients().saml().make("saml-program");
        Page page = realm.clients().saml().open("saml-program", browser);

        assertThat(page.status()).isEqualTo(403);
        assertThat(page.html().selectFirst("input[name=SAMLResponse]")).isNull();
    }

    @Test
    void theSessionOfASamlProgramEndsWithTheKey() {
        realm.clients().saml().make("saml-program");
        RawKey endless = key(Map.of());
        RawKey expiring = realm.key(alice, Map.of("name", "expiring", "expiresIn", 600));
        Instant end = Instant.now().plusSeconds(600);

        assertThat(sessionEnd(endless)).isAfter(end.plusSeconds(600));
        assertThat(sessionEnd(expiring)).isBetween(end.minusSeconds(30), end);
    }

    private Instant sessionEnd(RawKey key) {
        Browser browser = new Browser();
        realm.app().logIn(browser).tryApiKey().typeKey(key.raw());
        Matcher end = SESSION_END.matcher(realm.clients().saml().assertionOf("saml-program", browser));
        assertThat(end.find()).isTrue();
        return Instant.parse(end.group(1));
    }

    @Test
    void hardcodedRolesOfASamlProgramAreNarrowed() {
        Browser browser = new Browser();
        realm.app()
                .tokens(realm.app()
                        .logIn(browser)
                        .tryApiKey()
                        .typeKey(
                                key(Map.of("realmRoles", List.of("accountant"))).raw()));
        realm.clients().saml().make("saml-program");
        realm.clients().saml().addMapper("saml-program", "saml-hardcode-role-mapper", Map.of("role", "boss"));

        String assertion = realm.clients().saml().assertionOf("saml-program", browser);

        assertThat(assertion).contains(">accountant<").doesNotContain(">boss<");
    }

    @Test
    void whatComesWithAScopeOfASamlProgramIsNarrowed() {
        realm.clients().saml().make("saml-program");
        realm.clients().saml().addScope("saml-program", "saml-email");
        Browser whole = new Browser();
        realm.app().logIn(whole).tryApiKey().typeKey(key(Map.of()).raw());
        Browser narrow = new Browser();
        realm.app()
                .logIn(narrow)
                .tryApiKey()
                .typeKey(key(Map.of("scopes", List.of())).raw());

        assertThat(realm.clients().saml().assertionOf("saml-program", whole)).contains("alice@example.org");
        assertThat(realm.clients().saml().assertionOf("saml-program", narrow))
                .contains("<saml:Assertion")
                .doesNotContain("alice@example.org");
        assertThat(realm.clients().saml().passiveAssertionOf("saml-program", whole))
                .contains("alice@example.org");
        assertThat(realm.clients().saml().passiveAssertionOf("saml-program", narrow))
                .contains("<saml:Assertion")
                .doesNotContain("alice@example.org");
    }

    @Test
    void aScopeThatTheKeyDoesNotAllowBringsNoRoles() {
        realm.clients().scopes().makeForRole("vault", "boss");
        realm.clients().scopes().restrict("desk");
        realm.clients().scopes().give("desk", "vault");

        assertThat(desk.exchange(key(Map.of()).raw(), Map.of()).accessClaims().realmRoles())
                .contains("boss");
        assertThat(desk.exchange(
                                key(Map.of("scopes", List.of("roles", "basic"))).raw(), Map.of())
                        .accessClaims()
                        .realmRoles())
                .doesNotContain("boss");
    }

    @Test
    void anIdTokenOfATransientSessionSaysNoMoreThanItsKey() {
        RawKey narrow = key(Map.of("realmRoles", List.of("accountant"), "scopes", List.of("roles", "basic")));
        Tokens tokens = desk.exchange(narrow.raw(), Map.of("scope", "openid"));
        var introspecting = realm.clients().existingResourceServer("desk");

        var introspection = introspecting.introspect(tokens.id());
        assertThat(introspection.body().toString()).doesNotContain("boss", "alice@example.org");
        realm.keys().delete(narrow.id());
        assertThat(introspecting.introspect(tokens.id()).isActive()).isFalse();
    }

    @Test
    void aScopeIsComparedByItsWholeName() {
        realm.clients().scopes().make("orders");
        realm.clients().scopes().make("orders:write");
        realm.clients().scopes().give("app", "orders");
        realm.clients().scopes().give("app", "orders:write");

        assertThat(scopes(tokens(key(Map.of("scopes", List.of("orders"))))))
                .contains("orders")
                .doesNotContain("orders:write");
        assertThat(scopes(tokens(key(Map.of("scopes", List.of("orders:write"))))))
                .contains("orders:write")
                .doesNotContain("orders");
    }

    @Test
    void scimSeesTheNarrowedAdministrator() {
        Feature.SCIM.require();
        realm.users().makeAdministrator(alice);
        realm.settings().enableScim();
        App directory = realm.clients().exchanger("directory");
        String scim = "/realms/" + realm.name() + "/scim/v2";
        realm.clients()
                .addMapper(
                        "directory",
                        "oidc-audience-mapper",
                        Map.of(
                                "included.custom.audience",
                                KeycloakServer.running().url() + scim,
                                "access.token.claim",
                                "true"));
        realm.clients().signUsersIn("directory");
        RawKey administers = key(Map.of("clientRoles", Map.of("realm-management", List.of("realm-admin"))));
        String byPassword = directory
                .tokens(directory.logIn(new Browser()).logIn("alice", TestRealm.PASSWORD))
                .access();
        String ofAdministering = token(directory, administers);

        assertThat(Rest.with(byPassword).get(scim + "/Users").status()).isEqualTo(200);
        assertThat(Rest.with(token(directory, key(Map.of())))
                        .get(scim + "/Users")
                        .status())
                .isEqualTo(403);
        assertThat(Rest.with(token(directory, key(Map.of("realmRoles", List.of("accountant")))))
                        .get(scim + "/Users")
                        .status())
                .isEqualTo(403);
        assertThat(Rest.with(ofAdministering).get(scim + "/Users").status()).isEqualTo(200);
        realm.keys().delete(administers.id());
        assertThat(Rest.with(ofAdministering).get(scim + "/Users").status()).isEqualTo(401);
    }

    private static String token(App at, RawKey with) {
        return at.tokens(at.logIn(new Browser()).tryApiKey().typeKey(with.raw()))
                .access();
    }

    @Test
    void aLegacyExchangeForAnotherSubjectIsRefused() {
        Feature.LEGACY_TOKEN_EXCHANGE.require();
        realm.users().makeAdministrator(alice);
        User bob = realm.user("bob");
        String ofKey = token(key(Map.of("clientRoles", Map.of("realm-management", List.of("realm-admin")))));

        for (String subject : List.of(bob.id(), "bob", "alice")) {
            Tokens answer = desk.exchangeToken(ofKey, Map.of("requested_subject", subject));
            assertThat(answer)
                    .as("of %s", subject)
                    .satisfiesAnyOf(refused -> assertThat(refused.status()).isNotEqualTo(200), itself -> {
                        assertThat(subject).isEqualTo("alice");
                        assertThat(itself.accessClaims().keyId()).isNotEmpty();
                    });
        }
    }

    private RawKey key(Map<String, Object> restrictions) {
        return realm.key(
                alice,
                Map.of("name", "key " + restrictions.hashCode() + System.nanoTime(), "restrictions", restrictions));
    }

    private Tokens tokens(RawKey with) {
        return realm.app().tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(with.raw()));
    }

    private String token(RawKey with) {
        return tokens(with).access();
    }

    private static List<String> scopes(Tokens tokens) {
        return List.of(tokens.body().get("scope").textValue().split(" ", -1));
    }
}
