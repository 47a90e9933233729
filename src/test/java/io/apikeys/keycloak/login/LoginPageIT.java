package io.apikeys.keycloak.login;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.apikeys.keycloak.support.Chromium;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page as people see, hear and use it, in Chromium. */
@ExtendWith(Chromium.class)
class LoginPageIT {

    private static final Pattern SIGNED_IN = Pattern.compile("^http://127\\.0\\.0\\.1:1/callback\\?.*code=.*");

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");

    @ParameterizedTest
    @CsvSource({"LIGHT,1280,en", "DARK,1280,en", "LIGHT,360,de", "DARK,360,de"})
    void isGoodInLightAndDarkWideAndNarrow(ColorScheme scheme, int width, String language) {
        Page page = Chromium.page(new NewContextOptions()
                .setColorScheme(scheme)
                .setViewportSize(width, 800)
                .setLocale(language));
        openKeyPage(page, language);

        assertFitsAndIsAccessible(page, "login-" + scheme + "-" + width);

        page.locator("#apiKey").fill(ForgedKey.of(alice.id()));
        page.locator("#kc-login").click();
        assertThat(page.locator("#apiKey-error")).isVisible();
        assertFitsAndIsAccessible(page, "refused-" + scheme + "-" + width);

        page.locator("#apiKey").fill(realm.key(alice).raw());
        page.locator("#kc-login").click();
        assertThat(page).hasURL(SIGNED_IN);
    }

    @Test
    void isGoodInThePreviousGenerationOfThemes() {
        realm.loginTheme("keycloak");
        Page page =
                Chromium.page(new NewContextOptions().setViewportSize(360, 800).setLocale("en"));
        openKeyPage(page, "en");

        Chromium.picture(page, "login-previous-generation");
        page.locator("#apiKey").fill("x");
        page.locator("#kc-login").click();
        assertThat(page.locator("#apiKey-error")).isVisible();
        Chromium.picture(page, "refused-previous-generation");
    }

    @Test
    void theKeyCanBeShownAndHidden() {
        Page page = Chromium.page(new NewContextOptions().setLocale("en"));
        openKeyPage(page, "en");
        Locator key = page.locator("#apiKey");
        key.fill("some key");
        assertThat(key).hasAttribute("type", "password");
        assertThat(key).hasAttribute("autocomplete", "off");

        page.getByLabel("Show API key").click();
        assertThat(key).hasAttribute("type", "text");
        page.getByLabel("Hide API key").click();
        assertThat(key).hasAttribute("type", "password");
    }

    @Test
    void aRefusalIsAnnouncedAtTheFieldAndTheKeyIsGone() {
        Page page = Chromium.page(new NewContextOptions().setLocale("en"));
        openKeyPage(page, "en");
        Locator key = page.locator("#apiKey");
        assertThat(key).isFocused();
        assertThat(key).hasAccessibleDescription(Pattern.compile("Paste the whole key.*"));

        key.fill("not a key");
        key.press("Enter");

        assertThat(key).isFocused();
        assertThat(key).hasAttribute("aria-invalid", "true");
        assertThat(key).hasAccessibleDescription("This is not an API key. Was it copied completely?");
        assertThat(key).hasValue("");
        assertThat(page.locator("#apiKey-error")).hasText("This is not an API key. Was it copied completely?");
    }

    @Test
    void signingInNeedsNoScript() {
        realm.flow("key alone")
                .create()
                .step("auth-cookie", "ALTERNATIVE")
                .step("api-key-form", "ALTERNATIVE")
                .bind();
        Page page = Chromium.page(
                new NewContextOptions().setJavaScriptEnabled(false).setLocale("en"));
        page.navigate(realm.app().authorizationUri(Map.of()).toString());

        assertThat(page.getByLabel("Show API key")).isHidden();
        page.locator("#apiKey").fill("x");
        page.locator("#kc-login").click();
        assertThat(page.locator("#apiKey-error")).isVisible();
        page.locator("#apiKey").fill(realm.key(alice).raw());
        page.locator("#kc-login").click();
        assertThat(page).hasURL(SIGNED_IN);
    }

    @Test
    void aRealmMayPutTheKeyFirstAndHaveItSavedByPasswordManagers() {
        realm.flow("key first")
                .create()
                .step("auth-cookie", "ALTERNATIVE")
                .step("api-key-first-form", "ALTERNATIVE", Map.of("password-managers", "true"))
                .step("auth-username-password-form", "ALTERNATIVE")
                .bind();
        Page page = Chromium.page(new NewContextOptions().setLocale("en"));
        page.navigate(realm.app().authorizationUri(Map.of()).toString());

        assertThat(page.locator("#apiKey")).hasAttribute("autocomplete", "current-password");
        page.locator("#apiKey").fill("Authorization: Bearer " + realm.key(alice).raw() + " ");
        page.locator("#kc-login").click();
        assertThat(page).hasURL(SIGNED_IN);

        // By the page itself, because Playwright would take the app's port, which nobody listens on, for an error.
        page.navigate("about:blank");
        page.evaluate(
                "address => location.assign(address)",
                realm.app().authorizationUri(Map.of()).toString());
        assertThat(page).hasURL(SIGNED_IN);
    }

    private void openKeyPage(Page page, String language) {
        page.navigate(realm.app().authorizationUri(Map.of()).toString());
        page.locator("#try-another-way").click();
        Chromium.picture(page, "choice-" + language);
        page.locator("[role=button], button[name=authenticationExecution]")
                .filter(new Locator.FilterOptions().setHasText(language.equals("de") ? "API-Schlüssel" : "API key"))
                .click();
        assertThat(page.locator("#apiKey")).isVisible();
    }

    private static void assertFitsAndIsAccessible(Page page, String name) {
        Chromium.picture(page, name);
        assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .as("nothing is cut off at the right")
                .isEqualTo(true);
        assertThat(new AxeBuilder(page).include("#kc-api-key-form").analyze().getViolations())
                .isEmpty();
    }
}
