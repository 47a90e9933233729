package io.apikeys.keycloak.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.Claims;
import io.apikeys.keycloak.support.Flow;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.events.EventType;

/** The places in a browser flow where the key page can stand. */
class LoginFlowIT {

    private static final String UNKNOWN = "This API key cannot be used here.";

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final User bob = realm.user("bob");
    private final Browser browser = new Browser();

    @Test
    void alone() {
        realm.flow("key alone")
                .create()
                .step("auth-cookie", "ALTERNATIVE")
                .step("api-key-form", "ALTERNATIVE")
                .bind();

        Page page = realm.app().logIn(browser);
        assertThat(page.offersAnotherWay()).isFalse();
        assertSignedIn(alice, page.typeKey(realm.key(alice).raw()));
    }

    @Test
    void passwordsStillWorkBesideIt() {
        assertSignedIn(alice, realm.app().logIn(browser).logIn("alice", TestRealm.PASSWORD));
    }

    @Test
    void aWrongPasswordBeforeItDoesNotMatter() {
        Page wrong = realm.app().logIn(browser).logIn("bob", "wrong");

        assertSignedIn(alice, wrong.tryApiKey().typeKey(realm.key(alice).raw()));
        assertThat(realm.events().ofType(EventType.LOGIN).get(0).getDetails()).containsEntry("username", "alice");
    }

    @Test
    void afterAUsernameTheKeyHasToBeThatUsers() {
        realm.flow("username first")
                .create()
                .step("auth-username-form", "REQUIRED")
                .step("api-key-form", "REQUIRED")
                .bind();
        RawKey ofAlice = realm.key(alice);
        Page page = realm.app().logIn(browser).submit(Map.of("username", "alice"));

        Page refused = page.typeKey(realm.key(bob).raw());

        assertThat(refused.keyError()).isEqualTo(UNKNOWN);
        assertSignedIn(alice, refused.typeKey(ofAlice.raw()));
    }

    @Test
    void afterAUsernameItIsOfferedBesideThePasswordToWhoHasAKey() {
        Flow flow = realm.flow("username then either").create().step("auth-username-form", "REQUIRED");
        flow.subflow("either", "REQUIRED")
                .step("auth-password-form", "ALTERNATIVE")
                .step("api-key-form", "ALTERNATIVE");
        flow.bind();
        RawKey ofAlice = realm.key(alice);

        Page page = realm.app().logIn(browser).submit(Map.of("username", "alice"));
        assertSignedIn(alice, (page.asksForKey() ? page : page.tryApiKey()).typeKey(ofAlice.raw()));

        Page ofBob = realm.app().logIn(new Browser()).submit(Map.of("username", "bob"));
        assertThat(ofBob.asksForKey()).isFalse();
        assertThat(ofBob.offersAnotherWay()).isFalse();
    }

    @Test
    void reauthenticationNeedsAKeyOfTheSameUser() {
        RawKey first = realm.key(alice);
        RawKey second = realm.key(alice);
        realm.app().logIn(browser).tryApiKey().typeKey(first.raw());

        Page again = realm.app().logIn(browser, Map.of("prompt", "login"));
        if (!again.asksForKey()) {
            again = again.tryApiKey();
        }
        Page refused = again.typeKey(realm.key(bob).raw());
        assertThat(refused.keyError()).isEqualTo(UNKNOWN);
        refused = refused.typeKey(ForgedKey.of(alice.id()));
        assertThat(refused.keyError()).isEqualTo(UNKNOWN);

        assertSignedIn(alice, refused.typeKey(second.raw()));
        assertThat(realm.sessions().count(alice)).isEqualTo(1);
        assertThat(realm.sessions().count(bob)).isZero();
    }

    @Test
    void maxAgeAsksForTheKeyAgain() throws InterruptedException {
        RawKey key = realm.key(alice);
        Claims before = realm.app()
                .tokens(realm.app().logIn(browser).tryApiKey().typeKey(key.raw()))
                .idClaims();
        Thread.sleep(2_000);

        Page again = realm.app().logIn(browser, Map.of("max_age", "1"));
        Page callback = (again.asksForKey() ? again : again.tryApiKey()).typeKey(key.raw());

        Claims after = realm.app().tokens(callback).idClaims();
        assertThat(after.get("auth_time").asLong())
                .isGreaterThan(before.get("auth_time").asLong());
    }

    @Test
    void theHolderDoesPendingRequiredActions() {
        realm.users().requireAction(alice, "UPDATE_PROFILE");

        Page page =
                realm.app().logIn(browser).tryApiKey().typeKey(realm.key(alice).raw());

        assertThat(page.html().selectFirst("#kc-update-profile-form")).isNotNull();
        assertSignedIn(
                alice, page.submit(Map.of("email", "alice@example.org", "firstName", "Alice", "lastName", "Example")));
    }

    @Test
    void stepUpAsksForTheKeyAndTheTokensSayTheLevel() {
        realm.settings().mapLevels("{\"password\":\"1\",\"key\":\"2\"}");
        Flow flow = realm.flow("levels").create().step("auth-cookie", "ALTERNATIVE");
        Flow levels = flow.subflow("levels of authentication", "ALTERNATIVE");
        levels.subflow("level 1", "CONDITIONAL")
                .step(
                        "conditional-level-of-authentication",
                        "REQUIRED",
                        Map.of("loa-condition-level", "1", "loa-max-age", "36000"))
                .step("auth-username-password-form", "REQUIRED");
        levels.subflow("level 2", "CONDITIONAL")
                .step("conditional-level-of-authentication", "REQUIRED", Map.of("loa-condition-level", "2"))
                .step("api-key-form", "REQUIRED");
        flow.bind();
        RawKey key = realm.key(alice);

        Tokens low = realm.app().tokens(realm.app().logIn(browser).logIn("alice", TestRealm.PASSWORD));
        assertThat(low.idClaims().text("acr")).isEqualTo("password");

        Page page = realm.app().logIn(browser, Map.of("acr_values", "key"));
        Tokens high = realm.app().tokens(page.typeKey(key.raw()));
        assertThat(high.idClaims().text("acr")).isEqualTo("key");
    }

    @Test
    void theConditionOnTheCredentialSeesTheKey() {
        Flow flow = realm.flow("otp unless key").create();
        flow.step("api-key-form", "REQUIRED");
        flow.subflow("refused when by key", "CONDITIONAL")
                .step("conditional-credential", "REQUIRED", Map.of("credentials", "api-key", "included", "true"))
                .step("deny-access-authenticator", "REQUIRED");
        flow.bind();

        Page page = realm.app().logIn(browser).typeKey(realm.key(alice).raw());

        assertThat(page.text()).contains("Access denied");
        assertThat(realm.sessions().count(alice)).isZero();
    }

    @Test
    void theTokensSayThatAKeyWasTheMethod() {
        realm.flow("with reference")
                .create()
                .step(
                        "api-key-form",
                        "REQUIRED",
                        Map.of("default.reference.value", "key", "default.reference.maxAge", "600"))
                .bind();
        realm.clients().addMapper("oidc-amr-mapper");

        Tokens tokens = realm.app()
                .tokens(realm.app().logIn(browser).typeKey(realm.key(alice).raw()));

        assertThat(tokens.idClaims().get("amr")).hasToString("[\"key\"]");
    }

    @Test
    void inGerman() {
        browser.speak("de");
        Page page = realm.app().logIn(browser).tryAnotherWay("API-Schlüssel");

        assertThat(page.text()).contains("Mit einem API-Schlüssel anmelden");
        assertThat(page.typeKey("x").keyError()).isEqualTo("Das ist kein API-Schlüssel. Wurde er vollständig kopiert?");
    }

    @Test
    void inThePreviousGenerationOfThemes() {
        realm.loginTheme("keycloak");

        Page page = realm.app().logIn(browser).tryApiKey();

        assertThat(page.html().select("input#apiKey.pf-c-form-control")).hasSize(1);
        assertSignedIn(alice, page.typeKey(realm.key(alice).raw()));
    }

    private void assertSignedIn(User user, Page callback) {
        assertThat(realm.app().tokens(callback).accessClaims().subject()).isEqualTo(user.id());
    }
}
