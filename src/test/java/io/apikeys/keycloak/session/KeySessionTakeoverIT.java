package io.apikeys.keycloak.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.events.EventType;
import org.keycloak.representations.idm.UserRepresentation;

/** Somebody has a key of an account, and tries to make the account theirs for longer than the key lives. */
@Order(1)
class KeySessionTakeoverIT {

    private static final Map<String, Object> NOTHING =
            Map.of("realmRoles", List.of(), "clientRoles", Map.of(), "scopes", List.of());

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);
    private final String admin = "/admin/realms/" + realm.name();
    private final String account = "/realms/" + realm.name() + "/account";

    @Test
    void aKeyNarrowedToNothingOpensNoProfilePage() {
        RawKey nothing = realm.key(alice, Map.of("name", "nothing", "restrictions", NOTHING));

        Page page = logIn(new Browser(), nothing, Map.of("kc_action", "UPDATE_PROFILE"));

        assertThat(page.isBackAtTheApp()).isTrue();
        assertThat(page.parameter("kc_action_status")).isEqualTo("error");
    }

    @Test
    void theProfilePageOfAKeySessionChangesNamesButNoEmail() {
        Page page = logIn(new Browser(), key, Map.of("kc_action", "UPDATE_PROFILE"));

        Page refused = page.submit(Map.of("email", "mallory@example.org", "firstName", "Mallory"));

        assertThat(refused.isBackAtTheApp()).isFalse();
        assertThat(refused.text()).contains("This cannot be changed after signing in with an API key.");
        assertThat(stored().getEmail()).isEqualTo("alice@example.org");
        assertThat(stored().getFirstName()).as("nothing half-done").isNotEqualTo("Mallory");

        Page changed = refused.submit(Map.of("email", "alice@example.org", "firstName", "Alicia"));

        assertThat(changed.isBackAtTheApp()).isTrue();
        assertThat(stored().getFirstName()).isEqualTo("Alicia");
    }

    @Test
    void theAccountApiIsThereForReading() {
        Rest byKey = Rest.with(token(key));

        assertThat(byKey.get(account).status()).isEqualTo(200);
        assertThat(byKey.post(account, Map.of("username", "alice", "email", "mallory@example.org"))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.send("POST", account + "/", Map.of("email", "mallory@example.org"))
                        .status())
                .isEqualTo(403);
        assertThat(stored().getEmail()).isEqualTo("alice@example.org");
    }

    @Test
    void anAdministeringKeyWritesNoCredentialsAndNoIdentity() {
        realm.users().makeAdministrator(alice);
        User bob = realm.user("bob");
        Rest byKey = Rest.with(token(administering()));
        List<Map<String, Object>> password = List.of(Map.of("type", "password", "value", "chosen by a thief"));
        String bobsPath = admin + "/users/" + bob.id();

        assertThat(byKey.put(bobsPath, Map.of("credentials", password)).status())
                .isEqualTo(403);
        assertThat(byKey.post(admin + "/users", Map.of("username", "mallory", "credentials", password))
                        .status())
                .isEqualTo(403);
        assertThat(realm.admin().users().search("mallory"))
                .as("nothing half-done")
                .isEmpty();
        assertThat(byKey.post(
                                admin + "/partialImport",
                                Map.of("users", List.of(Map.of("username", "mallory", "credentials", password))))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.post(
                                bobsPath + "/federated-identity/elsewhere",
                                Map.of("userId", "mallory", "userName", "mallory"))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.post(bobsPath + "/impersonation", Map.of()).status()).isEqualTo(403);
        assertThat(byKey.put(
                                admin + "/authentication/required-actions/CREATE_API_KEY/config",
                                Map.of("config", Map.of("key-sessions-manage-keys", "true")))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.put(bobsPath, Map.of("email", "mallory@example.org")).status())
                .isIn(400, 403);
        assertThat(realm.admin().users().get(bob.id()).toRepresentation().getEmail())
                .isEqualTo("bob@example.org");
        assertThat(realm.app().passwordGrant("bob", TestRealm.PASSWORD).status())
                .isEqualTo(200);
        assertThat(realm.app().passwordGrant("bob", "chosen by a thief").status())
                .isNotEqualTo(200);
    }

    @Test
    void otherAdministrationGoesOn() {
        realm.users().makeAdministrator(alice);
        User bob = realm.user("bob");
        Rest byKey = Rest.with(token(administering()));

        assertThat(byKey.get(admin + "/users").status()).isEqualTo(200);
        assertThat(byKey.put(admin + "/users/" + bob.id(), Map.of("firstName", "Robert"))
                        .status())
                .isEqualTo(204);
        assertThat(byKey.post(admin + "/users", Map.of("username", "carol", "email", "carol@example.org"))
                        .status())
                .isEqualTo(201);
        assertThat(byKey.post(admin + "/roles", Map.of("name", "new-role")).status())
                .isEqualTo(201);
        assertThat(byKey.post(admin + "/clients", Map.of("clientId", "new-client"))
                        .status())
                .isEqualTo(201);
        assertThat(byKey.delete(admin + "/users/" + bob.id()).status()).isEqualTo(204);
    }

    @Test
    void aRealmCanLetItsKeySessionsManageCredentials() {
        realm.setPolicy(Map.of("key-sessions-manage-credentials", "true"));
        realm.users().makeAdministrator(alice);
        User bob = realm.user("bob");
        Rest byKey = Rest.with(token(administering()));

        assertThat(byKey.put(
                                admin + "/users/" + bob.id() + "/reset-password",
                                Map.of("type", "password", "value", "a new password"))
                        .status())
                .isEqualTo(204);
        assertThat(realm.app().passwordGrant("bob", "a new password").status()).isEqualTo(200);
        assertThat(byKey.post(admin + "/users/" + bob.id() + "/impersonation", Map.of())
                        .status())
                .as("never")
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE_PASSWORD",
                "CONFIGURE_TOTP",
                "webauthn-register",
                "webauthn-register-passwordless",
                "CONFIGURE_RECOVERY_AUTHN_CODES"
            })
    void aDemandedActionThatSetsACredentialRefusesTheLogin(String action) {
        Browser signedIn = new Browser();
        assertThat(logIn(signedIn, key, Map.of()).isBackAtTheApp()).isTrue();
        realm.users().requireAction(alice, action);

        Page page = logIn(new Browser(), key, Map.of());
        Page bySingleSignOn = realm.app().logIn(signedIn);

        assertThat(page.asksForKey()).isTrue();
        assertThat(page.keyError()).contains("You must complete a step first", "sign in another way");
        assertThat(bySingleSignOn.status()).isEqualTo(403);
        assertThat(bySingleSignOn.text()).contains("You must complete a step first");
        assertThat(realm.sessions().count(alice)).isEqualTo(1);
        assertThat(realm.events().ofType(EventType.LOGIN_ERROR))
                .extracting(event -> event.getError())
                .contains("resolve_required_actions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERMS_AND_CONDITIONS", "UPDATE_PROFILE"})
    void anyOtherDemandedActionIsDoneAsEver(String action) {
        realm.requiredActions().enable(action);
        realm.users().requireAction(alice, action);

        Page page = logIn(new Browser(), key, Map.of());

        assertThat(page.asksForKey()).isFalse();
        assertThat(page.isBackAtTheApp()).isFalse();
        assertThat(page.submit(Map.of()).isBackAtTheApp()).isTrue();
    }

    @Test
    void aDemandedProfilePageIsClosedToAKeyThatDoesNotManageTheAccount() {
        realm.users().requireAction(alice, "UPDATE_PROFILE");

        Page page =
                logIn(new Browser(), realm.key(alice, Map.of("name", "nothing", "restrictions", NOTHING)), Map.of());

        assertThat(page.keyError()).contains("You must complete a step first");
    }

    @Test
    void aHolderWithoutTheEmailAddressThatTheRealmDemandsIsToldSo() {
        User nameless = realm.users().withNothingButAName("nameless");

        Page page = logIn(new Browser(), realm.key(nameless), Map.of());

        assertThat(page.keyError()).contains("You must complete a step first");
    }

    @Test
    void theLoginStepRunsInNoFlowThatResetsCredentials() {
        realm.flow("reset by key").create().step("api-key-form", "REQUIRED").step("reset-password", "REQUIRED");
        var representation = realm.admin().toRepresentation();
        representation.setResetCredentialsFlow("reset by key");
        representation.setResetPasswordAllowed(true);
        realm.admin().update(representation);
        Browser browser = new Browser();
        realm.app().logIn(browser);

        Page reset = browser.open(KeycloakServer.running()
                .uri("/realms/" + realm.name() + "/login-actions/reset-credentials?client_id=app"));

        assertThat(reset.asksForKey()).isFalse();
        assertThat(reset.html().selectFirst("#kc-passwd-update-form")).isNull();
    }

    /** Keycloak finds the session of a cookie again by the id of the login's root, which is another one here. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCookieInAFreshLoginWithAPageInBetweenShedsNoKey(boolean consent) {
        Browser ofKey = new Browser();
        logIn(ofKey, realm.key(alice, Map.of("name", "nothing", "restrictions", NOTHING)), Map.of());
        Browser fresh = new Browser();
        realm.app().logIn(fresh);
        fresh.takeSessionOf(ofKey);
        if (consent) {
            realm.clients().requireConsent("app");
        }

        Page page = realm.app().logIn(fresh, consent ? Map.of() : Map.of("kc_action", "TERMS_AND_CONDITIONS"));
        if (!page.isBackAtTheApp()) {
            page = page.submit(Map.of("accept", "Yes"));
        }
        var tokens = realm.app().tokens(page);

        assertThat(tokens.accessClaims().keyId()).isNotEmpty();
        assertThat(tokens.accessClaims().has("realm_access")).isFalse();
        assertThat(Rest.with(tokens.access())
                        .post("/realms/" + realm.name() + "/api-keys", Map.of("name", "lasting"))
                        .status())
                .isIn(401, 403);
        assertThat(Rest.with(tokens.access())
                        .post(account, Map.of("username", "alice", "email", "mallory@example.org"))
                        .status())
                .isIn(401, 403);
        assertThat(stored().getEmail()).isEqualTo("alice@example.org");
        realm.keys()
                .list(Map.of("userId", alice.id()))
                .keys()
                .forEach(each -> realm.keys().delete(each.id()));
        assertThat(realm.app().refresh(tokens).status()).isEqualTo(400);
    }

    @Test
    void aPasswordDemandedWhileAnotherPageIsOpenIsNotSetInAKeySession() {
        realm.requiredActions().enable("TERMS_AND_CONDITIONS");
        Browser browser = new Browser();
        logIn(browser, key, Map.of());
        realm.users().requireAction(alice, "TERMS_AND_CONDITIONS");
        Page terms = realm.app().logIn(browser);
        realm.users().requireAction(alice, "UPDATE_PASSWORD");

        Page next = terms.submit(Map.of("accept", "Yes"));
        if (next.html().selectFirst("#kc-passwd-update-form") != null) {
            next = next.submit(Map.of("password-new", "chosen by a thief", "password-confirm", "chosen by a thief"));
        }

        assertThat(next.isBackAtTheApp()).isFalse();
        realm.users().requireNoAction(alice);
        assertThat(realm.app().passwordGrant("alice", "chosen by a thief").status())
                .isNotEqualTo(200);
        assertThat(realm.app().passwordGrant("alice", TestRealm.PASSWORD).status())
                .isEqualTo(200);
    }

    @Test
    void tokensOfAnEarlierKeyDoNotBecomeThoseOfALaterOne() {
        Browser browser = new Browser();
        RawKey nothing = realm.key(alice, Map.of("name", "nothing", "restrictions", NOTHING));
        var ofNothing = realm.app().tokens(logIn(browser, nothing, Map.of()));

        Page again = realm.app().logIn(browser, Map.of("prompt", "login"));
        var ofKey = realm.app().tokens((again.asksForKey() ? again : again.tryApiKey()).typeKey(key.raw()));

        assertThat(ofKey.accessClaims().has("realm_access")).isTrue();
        assertThat(realm.app().refresh(ofNothing).status()).isEqualTo(400);
        assertThat(realm.app().userinfo(ofNothing)).isEqualTo(401);
        assertThat(realm.clients()
                        .exchanger("desk")
                        .exchangeToken(ofNothing.access(), Map.of())
                        .status())
                .isEqualTo(400);
        assertThat(realm.app().refresh(ofKey).status()).isEqualTo(200);
    }

    @Test
    void aCodeOfAnEarlierKeyGivesNoTokensOfALaterOne() {
        App other = realm.clients().anotherApp();
        Browser browser = new Browser();
        RawKey nothing = realm.key(alice, Map.of("name", "nothing", "restrictions", NOTHING));
        Page unredeemed = other.logIn(browser).tryApiKey().typeKey(nothing.raw());

        Page again = realm.app().logIn(browser, Map.of("prompt", "login"));
        var ofKey = realm.app().tokens((again.asksForKey() ? again : again.tryApiKey()).typeKey(key.raw()));

        assertThat(ofKey.status()).isEqualTo(200);
        assertThat(other.tokens(unredeemed).status()).isEqualTo(400);
        assertThat(other.tokens(other.logIn(browser)).accessClaims().keyId())
                .as("after its next login")
                .isEqualTo(key.id());
    }

    @Test
    void aDeviceThatAnEarlierKeyApprovedGetsNoTokensOfALaterOne() {
        realm.clients().setAttribute("app", "oauth2.device.authorization.grant.enabled", "true");
        App other = realm.clients().anotherApp();
        JsonNode device = realm.app().askForDeviceCode();
        Browser browser = new Browser();
        RawKey nothing = realm.key(alice, Map.of("name", "nothing", "restrictions", NOTHING));
        browser.open(URI.create(device.get("verification_uri_complete").textValue()))
                .tryApiKey()
                .typeKey(nothing.raw())
                .submit(Map.of("accept", "Yes"));

        Page again = other.logIn(browser, Map.of("prompt", "login"));
        var ofKey = other.tokens((again.asksForKey() ? again : again.tryApiKey()).typeKey(key.raw()));

        assertThat(ofKey.status()).isEqualTo(200);
        assertThat(realm.app().tokensOfDevice(device).status()).isEqualTo(400);
    }

    @Test
    void aKeyMakesNobodyAnAdministrator() {
        realm.users().makeAdministrator(alice);
        User bob = realm.user("bob");
        Rest byKey = Rest.with(token(administering()));
        String management = realm.clients().client("realm-management").getId();
        var role = byKey.get(admin + "/clients/" + management + "/roles/realm-admin")
                .body();
        realm.users().makeGroupWithAdminRole("admins");
        String group = realm.admin().groups().groups("admins", 0, 1).get(0).getId();

        assertThat(byKey.post(admin + "/users/" + bob.id() + "/role-mappings/clients/" + management, List.of(role))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.put(admin + "/users/" + bob.id() + "/groups/" + group, Map.of())
                        .status())
                .isEqualTo(403);
        assertThat(byKey.post(
                                admin + "/users",
                                Map.of("username", "mallory", "enabled", true, "groups", List.of("/admins")))
                        .status())
                .isEqualTo(403);
        assertThat(realm.admin().users().search("mallory")).isEmpty();
        assertThat(byKey.post(admin + "/groups/" + group + "/role-mappings/clients/" + management, List.of(role))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.post(admin + "/groups", Map.of("name", "harmless")).status())
                .isEqualTo(201);
        String harmless = realm.admin().groups().groups("harmless", 0, 1).get(0).getId();
        assertThat(byKey.post(admin + "/groups/" + group + "/children", Map.of("id", harmless, "name", "harmless"))
                        .status())
                .isEqualTo(403);
        assertThat(realm.admin().groups().group(harmless).toRepresentation().getPath())
                .isEqualTo("/harmless");
    }

    @Test
    void anAdministeringKeyFreesNobodyOfWhatIsDemandedAndVouchesForNoAddress() {
        realm.users().makeAdministrator(alice);
        User bob = realm.user("bob");
        realm.users().requireAction(bob, "CONFIGURE_TOTP");
        Rest byKey = Rest.with(token(administering()));
        String path = admin + "/users/" + bob.id();
        boolean before = realm.admin().users().get(bob.id()).toRepresentation().isEmailVerified();

        assertThat(byKey.put(path, Map.of("requiredActions", List.of())).status())
                .isGreaterThanOrEqualTo(400);
        assertThat(byKey.put(path, Map.of("emailVerified", !before)).status()).isGreaterThanOrEqualTo(400);

        UserRepresentation after = realm.admin().users().get(bob.id()).toRepresentation();
        assertThat(after.getRequiredActions()).containsExactly("CONFIGURE_TOTP");
        assertThat(after.isEmailVerified()).isEqualTo(before);
    }

    @Test
    void anOfflineTokenOfAKeyDoesNotJoinAnOfflineSessionWithoutOne() {
        Browser browser = new Browser();
        Map<String, String> offline = Map.of("scope", "openid offline_access");
        realm.app().tokens(realm.app().logIn(browser, offline).logIn("alice", TestRealm.PASSWORD));
        RawKey narrow = realm.key(
                alice,
                Map.of(
                        "name",
                        "narrow",
                        "restrictions",
                        Map.of("realmRoles", List.of("offline_access"), "clientRoles", Map.of())));

        Page again = realm.app().logIn(browser, Map.of("scope", "openid offline_access", "prompt", "login"));
        var ofKey = realm.app().tokens((again.asksForKey() ? again : again.tryApiKey()).typeKey(narrow.raw()));

        var refreshed = realm.app().refresh(ofKey);
        if (refreshed.status() == 200) {
            assertThat(refreshed.accessClaims().keyId()).isEqualTo(narrow.id());
            assertThat(refreshed.accessClaims().at("/resource_access").has("account"))
                    .isFalse();
        } else {
            assertThat(refreshed.status()).isEqualTo(400);
        }
    }

    @Test
    void aKeyChangesNoSettingsThatDecideWhoSignsIn() {
        realm.users().makeAdministrator(alice);
        Rest byKey = Rest.with(token(administering()));
        String app = realm.clients().client("app").getId();

        assertThat(byKey.put(admin, Map.of("smtpServer", Map.of("host", "mail.example")))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.put(admin + "/ui-ext", Map.of("browserFlow", "registration"))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.put(admin + "/users/profile", Map.of()).status()).isEqualTo(403);
        assertThat(byKey.put(admin + "/events/config", Map.of()).status()).isEqualTo(403);
        assertThat(byKey.post("/admin/realms", Map.of("realm", "evil")).status())
                .isEqualTo(403);
        assertThat(byKey.put(
                                admin + "/clients/" + app,
                                Map.of("clientId", "app", "authenticationFlowBindingOverrides", Map.of("browser", "x")))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.put(admin + "/users/" + alice.id(), Map.of("requiredActions", List.of("UPDATE_PASSWORD")))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.post(admin + "/clients/" + app + "/client-secret", Map.of())
                        .status())
                .isEqualTo(403);
    }

    private RawKey administering() {
        return realm.key(
                alice,
                Map.of(
                        "name",
                        "administers",
                        "restrictions",
                        Map.of("clientRoles", Map.of("realm-management", List.of("realm-admin")))));
    }

    private UserRepresentation stored() {
        return realm.admin().users().get(alice.id()).toRepresentation();
    }

    private Page logIn(Browser browser, RawKey with, Map<String, String> more) {
        return realm.app().logIn(browser, more).tryApiKey().typeKey(with.raw());
    }

    private String token(RawKey with) {
        return realm.app().tokens(logIn(new Browser(), with, Map.of())).access();
    }
}
