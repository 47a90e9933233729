package io.apikeys.keycloak.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.apikeys.keycloak.support.Chromium;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.NewRealm;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.Secrets;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the demo shows, with its realm and the programs in {@code examples/}, in Chromium. */
@ExtendWith({ExamplesAreBuilt.class, Chromium.class})
@DisabledIfSystemProperty(
        named = "keycloak.runtime",
        matches = "container",
        disabledReason = "From a container, Keycloak does not reach the programs, which listen on loopback alone.")
class DemoIT {

    /** How soon a browser shows that its key was revoked: Keycloak tells the programs at once, and the pages ask every three seconds. */
    private static final int SIGNED_OUT_WITHIN_MILLIS = 10_000;

    private static final Path LOGS = Path.of("target", "demo-it");

    private static ExamplePrograms programs;
    private static TestRealm realm;
    private static User alice;
    private static User carol;
    private static List<DemoProcess> processes = List.of();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        programs = new ExamplePrograms(Ports.free(), Ports.free(), Ports.free());
        realm = NewRealm.demo(programs::adapt);
        alice = realm.users().existing("alice");
        carol = realm.user("carol");
        processes = programs.start(
                Path.of(""),
                Files.createDirectories(LOGS),
                KeycloakServer.running().url() + "/realms/" + realm.name(),
                realm.clients().client("reports-api").getSecret());
    }

    @AfterAll
    static void stop() throws IOException {
        for (DemoProcess program : processes) {
            program.close();
            assertThat(Secrets.in(Files.readString(program.log())))
                    .as("keys in the log of %s", program.name())
                    .isEmpty();
        }
    }

    @Test
    void theKeyIsAllThatItTakesAndTheDashboardShowsWhatKeycloakSaysOfIt() {
        RawKey key = keyOf(alice);
        Page page = Chromium.page(new NewContextOptions().setLocale("en"));

        page.navigate(programs.dashboardUrl());
        signIn(page, key);

        assertThat(page.locator("h1")).hasText("Hello, Alice Example");
        assertThat(page.locator("#user")).hasText("alice");
        assertThat(page.locator("#tier")).hasText("pro");
        assertThat(page.locator("#key-hint"))
                .hasText("kck_…" + key.raw().substring(key.raw().length() - 6));
        assertThat(page.locator("#key-id")).hasText(key.id());
        assertThat(page.locator("#key-expires")).hasText(Pattern.compile("\\d+ \\w+ 20\\d\\d, \\d\\d:\\d\\d \\w+"));
        assertThat(claim(page, "iss")).containsText(KeycloakServer.running().url() + "/realms/" + realm.name());
        assertThat(claim(page, "api_key")).containsText(key.id());
        assertThat(page.content()).doesNotContain(Secrets.secretOf(key.raw()));
    }

    @Test
    void theApiAnswersToTheUsersToken() {
        Page page = dashboardOf(keyOf(alice), new NewContextOptions());

        page.getByText("Read the report").click();

        assertThat(page.locator("#report")).containsText("200");
        assertThat(page.locator("#report")).containsText("\"for\":\"alice\"");
        assertThat(page.locator("#report")).containsText("All is well.");
    }

    @Test
    void theSecondProgramAsksForNoLoginAndARevokedKeySignsItsUserOutOfBoth() {
        RawKey key = keyOf(alice);
        Page dashboard = dashboardOf(key, new NewContextOptions());
        Page billing = openBilling(dashboard);
        assertThat(billing).hasTitle("Overview · Billing");
        assertThat(billing.locator("#key-id")).hasText(key.id());

        realm.keys().delete(key.id());

        for (Page page : List.of(dashboard, billing)) {
            assertSignedOut(page);
            Chromium.picture(page, "demo-signed-out-" + (page == dashboard ? "dashboard" : "billing"));
            page.getByText("Sign in again").click();
            assertThat(page.locator("#apiKey")).isVisible();
        }
    }

    @Test
    void aUserWithAPasswordCreatesAKeyInTheDashboardAndRevokesTheOneOfAnotherWindow() {
        RawKey stolen = keyOf(carol);
        Page thief = dashboardOf(stolen, new NewContextOptions());
        Page page = Chromium.page(new NewContextOptions().setLocale("en"));
        page.navigate(programs.dashboardUrl() + "/keys");
        signInWithPassword(page, carol);

        button(page, "Create API key").click();
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("robot");
        dialogButton(page, "Create API key").click();
        Locator made = page.locator("dialog .key");
        made.waitFor();
        Secrets.register(made.inputValue());
        page.locator("dialog input[type=checkbox]").check();
        page.locator("dialog button.primary").click();
        assertThat(button(page, "robot")).isVisible();

        button(page, "Revoke demo").click();
        dialogButton(page, "Revoke").click();

        assertSignedOut(thief);
        page.reload();
        assertThat(button(page, "robot")).isVisible();
        assertThat(button(page, "Revoke demo")).hasCount(0);
    }

    @Test
    void anOldLoginIsRenewedAndTheFormIsAsTheUserLeftIt() throws InterruptedException {
        Page page = Chromium.page(new NewContextOptions().setLocale("en"));
        page.navigate(programs.dashboardUrl() + "/keys");
        signInWithPassword(page, realm.user("dave"));
        button(page, "Create API key").click();
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("kept");

        realm.setPolicy(Map.of("max_auth_age", "1"));
        Thread.sleep(2_100);
        dialogButton(page, "Create API key").click();
        page.locator("#password").waitFor();
        realm.setPolicy(Map.of("max_auth_age", "300"));
        page.locator("#password").fill(TestRealm.PASSWORD);
        page.locator("#kc-login").click();

        assertThat(page).hasURL(programs.dashboardUrl() + "/keys?max_age=1&continue");
        assertThat(page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)))
                .hasValue("kept");
    }

    @Test
    void aKeySessionSeesItsKeysAndWhyItMayNotChangeThem() {
        Page page = dashboardOf(keyOf(alice), new NewContextOptions());

        page.getByText("API keys").click();

        assertThat(page.locator("keycloak-api-keys .alert")).isVisible();
        assertThat(button(page, "demo").first()).isVisible();
        assertThat(button(page, "Create API key")).hasCount(0);
    }

    @Test
    void loggingOutEndsTheSessionsOfBothProgramsAndOfKeycloak() {
        Page dashboard = dashboardOf(keyOf(alice), new NewContextOptions());
        Page billing = openBilling(dashboard);
        assertThat(billing.locator("#user")).hasText("alice");

        dashboard.locator("#logout").click();

        assertThat(dashboard.getByText("You have signed out")).isVisible();
        assertSignedOut(billing);
        dashboard.getByText("Sign in again").click();
        assertThat(dashboard.locator("#apiKey")).isVisible();
    }

    @Test
    void noTokenWithoutALoginOrForAnotherOrigin() {
        URI token = URI.create(programs.dashboardUrl() + "/api/token");
        Page page = dashboardOf(keyOf(alice), new NewContextOptions());

        assertThat(new Http()
                        .send(Http.request(token).POST(BodyPublishers.noBody()))
                        .statusCode())
                .isIn(401, 403);
        assertThat(page.request().post(token.toString()).status())
                .as("with the session's cookie alone, as another page would send it")
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280", "DARK,1280", "LIGHT,360", "DARK,360"})
    void isGoodInLightAndDarkWideAndNarrow(ColorScheme scheme, int width) {
        Page page = dashboardOf(
                keyOf(alice), new NewContextOptions().setColorScheme(scheme).setViewportSize(width, 900));
        page.getByText("Read the report").click();
        assertThat(page.locator("#report")).containsText("All is well.");
        assertFitsAndIsAccessible(page, "demo-dashboard-" + scheme + "-" + width);

        page.getByText("API keys").click();
        button(page, "demo").first().waitFor();
        assertFitsAndIsAccessible(page, "demo-keys-" + scheme + "-" + width);

        page.navigate(programs.billingUrl());
        assertFitsAndIsAccessible(page, "demo-billing-" + scheme + "-" + width);

        page.locator("#logout").click();
        page.getByText("You have signed out").waitFor();
        assertFitsAndIsAccessible(page, "demo-signed-out-" + scheme + "-" + width);
    }

    /** Returns a new key of the user, who has no other. */
    private static RawKey keyOf(User user) {
        realm.keys().deleteAll(Map.of("userId", user.id()));
        return realm.key(user, Map.of("name", "demo", "expiresIn", 7_776_000, "metadata", Map.of("tier", "pro")));
    }

    private static Page dashboardOf(RawKey key, NewContextOptions options) {
        Page page = Chromium.page(options.setLocale("en"));
        page.navigate(programs.dashboardUrl());
        signIn(page, key);
        assertThat(page).hasTitle("Overview · Dashboard");
        return page;
    }

    private static void signIn(Page page, RawKey key) {
        page.locator("#apiKey").fill(key.raw());
        page.locator("#kc-login").click();
    }

    private static void signInWithPassword(Page page, User user) {
        page.locator("#try-another-way").click();
        page.locator("[role=button], button[name=authenticationExecution]")
                .filter(new Locator.FilterOptions().setHasText("Username and password"))
                .click();
        page.locator("#username").fill(user.username());
        page.locator("#password").fill(TestRealm.PASSWORD);
        page.locator("#kc-login").click();
    }

    private static Page openBilling(Page dashboard) {
        return dashboard.waitForPopup(() -> dashboard.getByText("Open Billing").click());
    }

    private static Locator claim(Page page, String name) {
        return page.locator("tbody tr")
                .filter(new Locator.FilterOptions()
                        .setHas(page.locator("th").getByText(name, new Locator.GetByTextOptions().setExact(true))));
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator dialogButton(Page page, String name) {
        return page.locator("dialog")
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    private static void assertSignedOut(Page page) {
        assertThat(page.getByText("You were signed out because the session ended."))
                .isVisible(new IsVisibleOptions().setTimeout(SIGNED_OUT_WITHIN_MILLIS));
    }

    private static void assertFitsAndIsAccessible(Page page, String name) {
        Chromium.picture(page, name);
        assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .as("nothing is cut off at the right")
                .isEqualTo(true);
        assertThat(new AxeBuilder(page).analyze().getViolations()).isEmpty();
    }
}
