package io.apikeys.keycloak.login;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.apikeys.keycloak.support.Chromium;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.PolicyDoors;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.events.EventType;

/** The page on which a user makes a key, in Chromium, and the Account Console that leads to it. */
@ExtendWith(Chromium.class)
class CreateKeyPageIT {

    private static final Pattern DONE = Pattern.compile("^http://127\\.0\\.0\\.1:1/callback\\?.*");

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");

    CreateKeyPageIT() {
        realm.setPolicy(Map.of());
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280,en", "DARK,1280,en", "LIGHT,360,de", "DARK,360,de"})
    void isGoodInLightAndDarkWideAndNarrow(ColorScheme scheme, int width, String language) {
        Page page = open(new NewContextOptions()
                .setColorScheme(scheme)
                .setViewportSize(width, 800)
                .setLocale(language));

        assertFitsAndIsAccessible(page, "#kc-create-api-key", "create-" + scheme + "-" + width);
        page.locator("#name").fill(" ");
        page.locator("#kc-create").click();
        assertThat(page.locator("#name")).hasAttribute("aria-invalid", "true");
        assertFitsAndIsAccessible(page, "#kc-create-api-key", "create-refused-" + scheme + "-" + width);

        page.locator("#name").fill("laptop");
        page.locator("#kc-create").click();
        assertFitsAndIsAccessible(page, "#kc-content", "created-" + scheme + "-" + width);
        String key = page.locator("#api-key").inputValue();
        page.locator("#kc-saved").click();
        assertThat(page).hasURL(DONE);
        assertThat(page.url()).contains("kc_action_status=success");
        assertThat(realm.gateway().check(key).statusCode()).isEqualTo(200);
    }

    @Test
    void isGoodInThePreviousGenerationOfThemes() {
        realm.loginTheme("keycloak");
        Page page = open(new NewContextOptions().setViewportSize(360, 800).setLocale("en"));
        Chromium.picture(page, "create-previous-generation");

        page.locator("#name").fill("laptop");
        page.locator("#kc-create").click();
        assertThat(page.locator("#api-key")).isVisible();
        Chromium.picture(page, "created-previous-generation");
    }

    @Test
    void theKeyIsNeverShownTwice() {
        Page page = open(new NewContextOptions().setLocale("en"));
        page.locator("#name").fill("laptop");
        page.locator("#kc-create").click();
        String key = page.locator("#api-key").inputValue();

        page.reload();
        assertThat(page.locator("#api-key-shown")).isVisible();
        assertThat(page.content()).doesNotContain(key);
        page.goBack();
        assertThat(page.content()).doesNotContain(key);

        page.navigate(page.url());
        assertThat(page.locator("#api-key-shown")).isVisible();
        page.locator("#kc-saved").click();
        assertThat(page).hasURL(DONE);
        assertThat(realm.keys().list(Map.of("userId", alice.id())).keys()).hasSize(1);
    }

    @Test
    void aKeyThatNobodyHasSeenGivesWayToAnotherOfItsName() {
        String unseen = create(open(new NewContextOptions().setLocale("en")), "laptop");

        Page again = open(new NewContextOptions().setLocale("en"));
        String seen = create(again, "Laptop");

        assertThat(realm.gateway().check(unseen).statusCode()).isEqualTo(401);
        assertThat(realm.gateway().check(seen).statusCode()).isEqualTo(200);
        assertThat(realm.keys().list(Map.of("userId", alice.id())).keys()).hasSize(1);

        again.locator("#kc-saved").click();
        assertThat(again).hasURL(DONE);
        Page third = open(new NewContextOptions().setLocale("en"));
        third.locator("#name").fill("laptop");
        third.locator("#kc-create").click();
        assertThat(third.locator("#name-message")).hasText("You already have an API key with this name.");
        assertThat(realm.gateway().check(seen).statusCode()).isEqualTo(200);
    }

    @Test
    void aKeyThatIsUsedDoesNotGiveWay() {
        String used = create(open(new NewContextOptions().setLocale("en")), "laptop");
        assertThat(realm.gateway().check(used).statusCode()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> realm.keys()
                        .list(Map.of("userId", alice.id()))
                        .keys()
                        .get(0)
                        .get("lastUsedAt")
                        .isTextual());

        Page page = open(new NewContextOptions().setLocale("en"));
        page.locator("#name").fill("laptop");
        page.locator("#kc-create").click();

        assertThat(page.locator("#name-message")).hasText("You already have an API key with this name.");
        assertThat(realm.gateway().check(used).statusCode()).isEqualTo(200);
    }

    @Test
    void aKeyThatWasLostIsReplacedOnTheSamePage() {
        Page page = open(new NewContextOptions().setLocale("en"));
        String lost = create(page, "laptop");
        page.reload();
        Chromium.picture(page, "created-and-lost");

        page.locator("#kc-again").click();
        assertThat(page.locator("#name")).hasValue("laptop");
        page.locator("#kc-create").click();

        assertThat(realm.gateway().check(page.locator("#api-key").inputValue()).statusCode())
                .isEqualTo(200);
        assertThat(realm.gateway().check(lost).statusCode()).isEqualTo(401);
    }

    @Test
    void aKeyThatIsNeitherConfirmedNorUsedIsDeleted() {
        Page page = open(new NewContextOptions().setLocale("en"));
        create(page, "confirmed");
        page.locator("#kc-saved").click();
        create(open(new NewContextOptions().setLocale("en")), "unseen");
        assertThat(realm.keys().list(Map.of("userId", alice.id())).keys()).hasSize(2);

        await().atMost(Duration.ofSeconds(3L * KeycloakServer.UNCONFIRMED_SECONDS))
                .until(() ->
                        realm.keys().list(Map.of("userId", alice.id())).keys().size() == 1);

        assertThat(realm.keys().list(Map.of("userId", alice.id())).keys().get(0).name())
                .isEqualTo("confirmed");
        assertThat(realm.events().ofType(EventType.REMOVE_CREDENTIAL).get(0).getDetails())
                .containsEntry("reason", "nobody has confirmed or used it");
    }

    /** Returns the key that the page shows. */
    private static String create(Page page, String name) {
        page.locator("#name").fill(name);
        page.locator("#kc-create").click();
        return page.locator("#api-key").inputValue();
    }

    @Test
    void theKeyCanBeCopied() {
        Page page = open(
                new NewContextOptions().setLocale("en").setPermissions(List.of("clipboard-read", "clipboard-write")));
        page.locator("#name").fill("laptop");
        page.locator("#kc-create").click();

        page.locator("#copy-api-key").click();

        assertThat(page.locator("#copied-api-key")).hasText("Copied");
        assertThat(page.evaluate("navigator.clipboard.readText()"))
                .isEqualTo(page.locator("#api-key").inputValue());
    }

    @Test
    void offersWhatTheRealmAllows() {
        realm.setPolicy(Map.of("longest-expiry-days", "60", "default-expiry-days", "14"));
        Page page = open(new NewContextOptions().setLocale("en"));

        assertThat(page.locator("#expiry option")).hasText(new String[] {"7 days", "14 days", "30 days", "60 days"});
        assertThat(page.locator("#expiry")).hasValue("14");

        page.locator("#name").fill("laptop");
        page.evaluate("document.querySelector('#expiry option').value = '61'");
        page.locator("#expiry").selectOption("61");
        page.locator("#kc-create").click();
        assertThat(page.locator("#expiry-message"))
                .hasText("This expiration is not allowed. Please choose another one.");
        assertThat(page.locator("#name")).hasValue("laptop");
        page.locator("#kc-create").click();
        assertThat(page.locator("#api-key")).isVisible();
    }

    @Test
    void aRefusalSaysWhyAndMakesNothing() {
        realm.setPolicy(Map.of("max-keys-per-user", "1"));
        realm.key(alice, Map.of("name", "laptop"));
        Page page = open(new NewContextOptions().setLocale("en"));

        page.locator("#name").fill("LAPTOP");
        page.locator("#kc-create").click();
        assertThat(page.locator("#name-message")).hasText("You already have an API key with this name.");
        page.locator("#name").fill("<b>desktop</b>");
        page.locator("#kc-create").click();
        assertThat(page.locator("#name-message"))
                .hasText("You have reached the maximum number of API keys. Delete one before you create another.");
        assertThat(page.locator("#name")).hasValue("<b>desktop</b>");
        assertThat(realm.keys().list(Map.of("userId", alice.id())).keys()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280,en", "DARK,360,de"})
    void saysThatNoKeyIsMadeByAPolicyThatCannotBeRead(ColorScheme scheme, int width, String language) {
        PolicyDoors policy = new PolicyDoors(realm);
        Page open = open(new NewContextOptions().setLocale(language));
        policy.store(Map.of("expiry-required", "yes"));
        open.locator("#name").fill("laptop");
        open.locator("#kc-create").click();
        assertThat(open.locator("#api-key-refused")).isVisible();

        Page page = ask(new NewContextOptions()
                .setColorScheme(scheme)
                .setViewportSize(width, 800)
                .setLocale(language));

        assertThat(page.locator("#api-key-refused")).isVisible();
        assertFitsAndIsAccessible(page, "#kc-content", "create-unreadable-policy-" + scheme + "-" + width);
        assertThat(page.locator("#kc-create")).isHidden();
        page.locator("[name=cancel-aia]").click();
        assertThat(page).hasURL(DONE);
        assertThat(page.url()).contains("kc_action_status=cancelled");
        assertThat(realm.keys().list(Map.of("userId", alice.id())).keys()).isEmpty();
    }

    @Test
    void canBeCancelled() {
        Page page = open(new NewContextOptions().setLocale("en"));

        page.locator("[name=cancel-aia]").click();

        assertThat(page).hasURL(DONE);
        assertThat(page.url()).contains("kc_action_status=cancelled");
        assertThat(realm.keys().list(Map.of("userId", alice.id())).keys()).isEmpty();
    }

    @Test
    void anEventSaysThatAKeyWasMade() {
        Page page = open(new NewContextOptions().setLocale("en"));
        page.locator("#name").fill("laptop");
        page.locator("#kc-create").click();
        assertThat(page.locator("#api-key")).isVisible();

        assertThat(realm.events().ofType(EventType.UPDATE_CREDENTIAL).get(0).getDetails())
                .containsEntry("credential_type", "api-key")
                .containsKey("api_key_id");
    }

    @Test
    void aKeySessionMakesNoneEvenWhenKeycloakDemandsIt() {
        String key = realm.key(alice).raw();
        realm.users().requireAction(alice, "CREATE_API_KEY");
        Page page = Chromium.page(new NewContextOptions().setLocale("en"));
        page.navigate(realm.app().authorizationUri(Map.of()).toString());
        page.locator("#try-another-way").click();
        page.locator("[role=button]")
                .filter(new Locator.FilterOptions().setHasText("API key"))
                .click();
        page.locator("#apiKey").fill(key);
        page.locator("#kc-login").click();

        assertThat(page).hasURL(DONE);
        assertThat(realm.keys().list(Map.of("userId", alice.id())).keys()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280", "DARK,360"})
    void theAccountConsoleListsSetsUpAndDeletesKeys(ColorScheme scheme, int width) {
        realm.key(alice, Map.of("name", "old laptop", "expiresIn", 86_400));
        Page page = Chromium.page(
                new NewContextOptions().setLocale("en").setColorScheme(scheme).setViewportSize(width, 1600));
        page.navigate(
                KeycloakServer.running().url() + "/realms/" + realm.name() + "/account/account-security/signing-in");
        logIn(page);
        assertThat(page.getByText("old laptop")).isVisible();
        assertThat(page.getByText("This API key expires soon.")).isVisible();
        assertThat(page.getByText("Never used")).isVisible();
        assertThat(page.getByText("{{")).isHidden();
        Chromium.picture(page, "account-" + scheme + "-" + width);

        if (width < 1000) {
            // The narrow console has the rest in a menu of its own, which is no matter of ours.
            return;
        }
        page.getByText("Set up API key").click();
        page.locator("#name").fill("new laptop");
        page.locator("#kc-create").click();
        page.locator("#kc-saved").click();
        assertThat(page.getByText("new laptop")).isVisible();
        Chromium.picture(page, "account-two-keys-" + scheme + "-" + width);

        page.locator("[data-testid$='/credential-list'] li, [role=listitem], li")
                .filter(new Locator.FilterOptions().setHasText("old laptop"))
                .getByRole(AriaRole.BUTTON)
                .first()
                .click();
        Chromium.picture(page, "account-delete-" + scheme + "-" + width);
        page.locator("[type=submit]").first().click();
        assertThat(page.getByText("new laptop")).isVisible();
        assertThat(page.getByText("old laptop")).isHidden();
    }

    @Test
    void theAdminConsoleShowsReadableDataAndThePolicy() {
        realm.key(
                alice,
                Map.of(
                        "name",
                        "for a program",
                        "limits",
                        Map.of("rateLimit", Map.of("max", 7, "windowSeconds", 60)),
                        "metadata",
                        Map.of("tenant", "acme"),
                        "restrictions",
                        Map.of("scopes", List.of("email"))));
        Page page = Chromium.page(new NewContextOptions().setLocale("en").setViewportSize(1280, 1100));
        String console = KeycloakServer.running().url() + "/admin/master/console/#/" + realm.name();
        page.navigate(console + "/users/" + alice.id() + "/credentials");
        page.locator("#username").fill(KeycloakServer.ADMIN);
        page.locator("#password").fill(KeycloakServer.ADMIN_PASSWORD);
        page.locator("#kc-login").click();
        assertThat(page.getByText("for a program")).isVisible();
        page.locator("tr, tbody")
                .filter(new Locator.FilterOptions().setHasText("for a program"))
                .getByText("Show data")
                .last()
                .click();
        assertThat(page.getByText("acme")).isVisible();
        assertThat(page.getByText("\"max\":7")).isVisible();
        Chromium.picture(page, "admin-credential");

        page.navigate(console + "/authentication/required-actions");
        Locator row = page.locator("tr").filter(new Locator.FilterOptions().setHasText("Create API key"));
        assertThat(row).isVisible();
        Chromium.picture(page, "admin-required-actions");
        row.getByRole(AriaRole.BUTTON).last().click();
        assertThat(page.getByText("Maximum keys per user")).isVisible();
        Chromium.picture(page, "admin-policy");
    }

    /** Signs in with the password and is led to the page, as a program asks for it ({@code kc_action}). */
    private Page open(NewContextOptions options) {
        Page page = ask(options);
        assertThat(page.locator("#name")).isVisible();
        return page;
    }

    private Page ask(NewContextOptions options) {
        Page page = Chromium.page(options);
        page.navigate(realm.app()
                .authorizationUri(Map.of("kc_action", "CREATE_API_KEY"))
                .toString());
        logIn(page);
        return page;
    }

    private static void logIn(Page page) {
        page.locator("#username").fill("alice");
        page.locator("#password").fill(TestRealm.PASSWORD);
        page.locator("#kc-login").click();
    }

    private static void assertFitsAndIsAccessible(Page page, String part, String name) {
        Chromium.picture(page, name);
        assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .as("nothing is cut off at the right")
                .isEqualTo(true);
        assertThat(new AxeBuilder(page).include(part).analyze().getViolations()).isEmpty();
    }
}
