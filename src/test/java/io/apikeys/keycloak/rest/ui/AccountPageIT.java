package io.apikeys.keycloak.rest.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.apikeys.keycloak.support.Chromium;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page "API keys" of the Account Console, in Chromium. */
@ExtendWith(Chromium.class)
class AccountPageIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");

    AccountPageIT() {
        realm.accountTheme("api-keys");
    }

    @Test
    void aKeyIsMadeRenamedRotatedAndRevoked() {
        KeysPage keys = signedIn();
        assertThat(keys.page().getByText("You have no API keys.")).isVisible();

        keys.button("Create API key").click();
        keys.page()
                .getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
                .fill("laptop");
        keys.page().getByLabel("Expires").selectOption("30");
        keys.page().getByLabel("Only some of it").check();
        keys.page().getByLabel("Only from these networks").check();
        keys.page()
                .getByLabel("Networks", new Page.GetByLabelOptions().setExact(true))
                .fill("127.0.0.0/8\n172.16.0.0/12");
        keys.submit("Create API key");
        String first = keys.readKey();
        keys.page().keyboard().press("Escape");
        keys.page().keyboard().press("Escape");
        assertThat(keys.dialog()).isVisible();
        keys.confirmSaved();

        assertThat(keys.status()).hasText("The API key \"laptop\" was created.");
        assertThat(keys.row("laptop")).containsText("Active");
        assertThat(realm.gateway().check(first).statusCode()).isEqualTo(200);
        assertThat(realm.keysOf(alice).list(Map.of()).body().at("/0/restrictions"))
                .hasToString("{\"cidrs\":[\"127.0.0.0/8\",\"172.16.0.0/12\"]}");

        keys.button("laptop").click();
        keys.page()
                .getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
                .fill("<b>desk</b>");
        keys.submit("Save");
        assertThat(keys.row("<b>desk</b>")).isVisible();

        keys.button("Rotate <b>desk</b>").click();
        keys.submit("Rotate");
        String second = keys.readKey();
        keys.confirmSaved();
        assertThat(keys.row("<b>desk</b>")).hasCount(1);
        assertThat(realm.gateway().check(first).statusCode()).isEqualTo(401);
        assertThat(realm.gateway().check(second).statusCode()).isEqualTo(200);

        keys.button("Revoke <b>desk</b>").click();
        keys.submit("Revoke");
        assertThat(keys.page().getByText("You have no API keys.")).isVisible();
        assertThat(realm.gateway().check(second).statusCode()).isEqualTo(401);
        assertThat(keys.page().content()).doesNotContain(first, second);
    }

    @Test
    void whatIsWrongIsSaidAtTheField() {
        realm.key(alice, Map.of("name", "laptop"));
        KeysPage keys = signedIn();
        keys.button("Create API key").click();
        Locator name = keys.page().getByLabel("Name", new Page.GetByLabelOptions().setExact(true));
        assertThat(name).isFocused();

        keys.submit("Create API key");
        assertThat(name).hasAccessibleDescription(Pattern.compile(".*Please give the key a name.*"));
        assertThat(name).hasAttribute("aria-invalid", "true");
        name.fill("laptop");
        keys.submit("Create API key");
        assertThat(name).hasAccessibleDescription(Pattern.compile(".*You already have an API key with this name.*"));
    }

    @Test
    void aLoginThatIsNotRecentIsRepeatedAndTheFormIsStillFilled() throws InterruptedException {
        KeysPage keys = signedIn();
        realm.setPolicy(Map.of("max_auth_age", "1"));
        Thread.sleep(2_100);
        keys.button("Create API key").click();
        keys.page()
                .getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
                .fill("after a login");
        keys.page().getByLabel("Expires").selectOption("7");
        keys.submit("Create API key");

        assertThat(keys.page().locator("#password")).isVisible();
        realm.setPolicy(Map.of("max_auth_age", "300"));
        keys.page().locator("#password").fill(TestRealm.PASSWORD);
        keys.page().locator("#kc-login").click();

        assertThat(keys.page().getByLabel("Name", new Page.GetByLabelOptions().setExact(true)))
                .hasValue("after a login");
        assertThat(keys.page().getByLabel("Expires")).hasValue("7");
        keys.submit("Create API key");
        keys.readKey();
        assertThat(keys.page().evaluate("JSON.stringify({...sessionStorage})").toString())
                .doesNotContain("after a login", "kck_");
    }

    @Test
    void aKeySessionSeesTheKeysAndWhyItCannotChangeThem() {
        RawKey key = realm.key(alice, Map.of("name", "laptop"));
        Page page = Chromium.page(new NewContextOptions().setLocale("en"));
        page.navigate(address());
        page.locator("#try-another-way").click();
        page.locator("[role=button], button[name=authenticationExecution]")
                .filter(new Locator.FilterOptions().setHasText("API key"))
                .click();
        page.locator("#apiKey").fill(key.raw());
        page.locator("#kc-login").click();
        KeysPage keys = new KeysPage(page);

        assertThat(keys.row("laptop")).isVisible();
        assertThat(page.getByText("You are signed in with an API key")).isVisible();
        assertThat(keys.button("Create API key")).hasCount(0);
        assertThat(keys.button("Revoke laptop")).hasCount(0);
        keys.button("laptop").click();
        assertThat(keys.dialog().getByRole(AriaRole.TEXTBOX)).hasCount(0);
    }

    @Test
    void aRealmWithoutKeysSaysSo() {
        realm.turnKeysOff();

        assertThat(signedIn().page().getByText("API keys are not enabled here."))
                .isVisible();
    }

    @Test
    void tenKeysCanBeSearched() {
        for (int i = 0; i < 10; i++) {
            realm.key(alice, Map.of("name", "key number " + i));
        }
        KeysPage keys = signedIn();

        keys.page().getByLabel("Search by name or key").fill("number 7");

        assertThat(keys.row("key number 7")).isVisible();
        assertThat(keys.row("key number 6")).isHidden();
        assertThat(keys.status()).hasText("1 key found");
    }

    @Test
    void theKeyboardAloneIsEnough() {
        KeysPage keys = signedIn();
        Locator create = keys.button("Create API key");
        create.waitFor();
        create.focus();
        keys.page().keyboard().press("Enter");
        keys.page().keyboard().type("by keyboard");
        keys.page().keyboard().press("Enter");
        keys.readKey();
        Locator saved = keys.page().getByLabel("I have saved the key");
        for (int i = 0; i < 10 && !Boolean.TRUE.equals(saved.evaluate("e => e.matches(':focus')")); i++) {
            keys.page().keyboard().press("Tab");
        }
        keys.page().keyboard().press("Space");
        keys.page().keyboard().press("Tab");
        keys.page().keyboard().press("Enter");

        assertThat(keys.row("by keyboard")).isVisible();
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280,en", "DARK,1280,de", "LIGHT,360,de", "DARK,360,en"})
    void isGoodInLightAndDarkWideAndNarrow(ColorScheme scheme, int width, String language) {
        realm.users().giveRole(alice, "accountant");
        realm.users().speak(alice, language);
        keysInManyStates();
        String name = "account-" + scheme + "-" + width + "-";
        KeysPage keys = new KeysPage(Chromium.page(new NewContextOptions()
                .setColorScheme(scheme)
                .setViewportSize(width, 900)
                .setLocale(language)));
        keys.logIn(address(), "alice");
        keys.row("laptop").waitFor();
        keys.assertFitsAndIsAccessible(name + "list");

        keys.page().locator("button.primary").click();
        keys.dialog().locator("input[type=radio]").last().check();
        keys.dialog().locator(".parts > div > .choice input").first().check();
        keys.assertFitsAndIsAccessible(name + "create");
        keys.dialog().locator("input[type=text]").first().fill("new one");
        keys.dialog().locator("input[type=radio]").first().check();
        keys.dialog().locator("button[type=submit]").click();
        keys.readKey();
        keys.assertFitsAndIsAccessible(name + "shown");
        keys.confirmSaved();

        for (String[] opened : List.of(
                new String[] {"button.name >> text=laptop", "details"},
                new String[] {"button.harm", "revoke"},
                new String[] {".actions button:not(.harm)", "rotate"})) {
            keys.page().locator(opened[0]).first().click();
            keys.assertFitsAndIsAccessible(name + opened[1]);
            keys.page().keyboard().press("Escape");
            assertThat(keys.dialog()).hasCount(0);
        }
    }

    private void keysInManyStates() {
        realm.key(
                alice,
                Map.of(
                        "name",
                        "laptop",
                        "restrictions",
                        Map.of("realmRoles", List.of("accountant"), "cidrs", List.of("192.0.2.0/24", "127.0.0.0/8"))));
        RawKey used = realm.key(
                alice,
                Map.of(
                        "name",
                        "nightly report of the accounting department",
                        "expiresIn",
                        7_776_000,
                        "limits",
                        Map.of(
                                "quota",
                                Map.of("remaining", 1000, "refillAmount", 1000, "refillIntervalSeconds", 604_800),
                                "rateLimit",
                                Map.of("max", 10, "windowSeconds", 60))));
        realm.gateway().check(used.raw());
        realm.key(alice, Map.of("name", "soon", "expiresIn", 86_400));
        realm.key(alice, Map.of("name", "over", "expiresIn", 1));
        realm.keys().change(realm.key(alice, Map.of("name", "locked")).id(), Map.of("enabled", false));
        realm.keysOf(alice).change(realm.key(alice, Map.of("name", "off")).id(), Map.of("enabled", false));
    }

    private KeysPage signedIn() {
        KeysPage keys = new KeysPage(Chromium.page(new NewContextOptions().setLocale("en")));
        keys.logIn(address(), "alice");
        return keys;
    }

    private String address() {
        return KeycloakServer.running()
                .uri("/realms/" + realm.name() + "/account/content/:componentId")
                .toString();
    }
}
