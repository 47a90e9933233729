package io.apikeys.keycloak.recipes;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.apikeys.keycloak.recipes.Recipe.Running;
import io.apikeys.keycloak.support.Chromium;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.NewRealm;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.Secrets;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code docs/recipes/nextjs.md}, with the application in {@code examples/nextjs-dashboard}, in Chromium and over HTTP. */
@ExtendWith(Chromium.class)
class NextJsDashboardIT {

    private static final Recipe RECIPE = Recipe.of("nextjs");
    private static final String CLIENT = "nextjs-dashboard";

    /** How long the application keeps an accepted key, and what a busy machine may add. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private static final Duration MARGIN = Duration.ofSeconds(3);

    /** How long sessions go without being renewed. */
    private static final Duration ACCESS_TOKEN_LIFESPAN = Duration.ofSeconds(5);

    /** Next.js does not answer to the offer of HTTP/2 with which Java's client begins otherwise. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static NextJsApplication application;
    private static TestRealm realm;
    private static Running running;
    private static String url;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        if (!Boolean.parseBoolean(KeycloakServer.required("browser.required"))) {
            Recipe.requireCommand("npm");
        }
        application = NextJsApplication.build();
        realm = NewRealm.demo();
        int port = Ports.free();
        url = address(port);
        application.configure(createClient(directory));
        realm.clients().setAttribute(CLIENT, "access.token.lifespan", "" + ACCESS_TOKEN_LIFESPAN.toSeconds());
        running = application.start(port);
    }

    /** By its name, because Next.js takes 127.0.0.1 for localhost. */
    private static String address(int port) {
        return "http://localhost:" + port;
    }

    /** Runs the recipe's commands; returns the settings that they print. */
    private static Map<String, String> createClient(Path directory) throws Exception {
        Path script = Files.writeString(
                directory.resolve("create-client.sh"),
                Recipe.adapt(
                        "set -euo pipefail\n" + RECIPE.block("bash", 0),
                        "my-realm",
                        realm.name(),
                        "http://localhost:3000",
                        url,
                        "http://localhost:8080",
                        KeycloakServer.running().url()));
        Shell.Result created = KeycloakServer.running().kcadm(script);
        assertThat(created.exitCode()).as(created.output()).isZero();
        return Pattern.compile("^(AUTH_\\w+)=(.*)$", Pattern.MULTILINE)
                .matcher(created.output())
                .results()
                .collect(Collectors.toMap(setting -> setting.group(1), setting -> setting.group(2)));
    }

    @AfterAll
    static void stop() throws Exception {
        if (running != null) {
            running.close();
            assertThat(Secrets.in(Files.readString(running.log())))
                    .as("keys in the application's log")
                    .isEmpty();
        }
    }

    @Test
    void theRecipeQuotesTheApplication() throws Exception {
        StringBuilder sources = new StringBuilder();
        for (String file : List.of("auth.ts", "server/trpc.ts", "server/introspection.ts", "server/keys.ts")) {
            sources.append(
                    Files.readString(NextJsApplication.SOURCE.resolve("src").resolve(file)));
        }
        List<String> quotes = RECIPE.blocks("ts");
        assertThat(quotes).isNotEmpty().allSatisfy(quote -> assertThat(sources).contains(quote));
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280", "DARK,1280", "LIGHT,360", "DARK,360"})
    void peopleSignInWithNothingButAKey(ColorScheme scheme, int width) {
        Page page = open(new NewContextOptions().setColorScheme(scheme).setViewportSize(width, 800));
        assertThat(button(page, "Sign in")).isVisible();
        assertFitsAndIsAccessible(page, "signed-out-" + scheme + "-" + width);

        signIn(page, keyOf("bob", "pro"));

        assertThat(page.locator("#user")).hasText("bob");
        assertThat(page.locator("#tier")).hasText("pro");
        assertThat(page.locator("#key")).containsText("API key “key ");
        assertThat(button(page, "Create key")).hasCount(0);
        assertFitsAndIsAccessible(page, "signed-in-" + scheme + "-" + width);
    }

    @Test
    void signingOutEndsTheSessionAtKeycloakToo() {
        Page page = open();
        signIn(page, keyOf("bob", "free"));

        button(page, "Sign out").click();
        button(page, "Sign in").click();

        assertThat(page.locator("#apiKey")).isVisible();
    }

    @Test
    void aSessionIsRenewedUntilItsKeyIsRevoked() throws Exception {
        RawKey key = keyOf("bob", "free");
        Page page = open();
        signIn(page, key);
        Thread.sleep(ACCESS_TOKEN_LIFESPAN.plusSeconds(1).toMillis());
        page.reload();
        assertThat(page.locator("#user")).hasText("bob");

        realm.keys().delete(key.id());

        // Without a reload: the page asks again by itself.
        assertThat(button(page, "Sign in")).isVisible();
        page.reload();
        assertThat(button(page, "Sign in")).isVisible();
    }

    @Test
    void programsCallTheSameProceduresWithAKey() throws Exception {
        RawKey key = keyOf("alice", "pro");

        JsonNode user = Json.read(me(key.raw()).body()).at("/result/data");

        assertThat(user.at("/id").textValue())
                .isEqualTo(realm.users().existing("alice").id());
        assertThat(user.at("/name").textValue()).isEqualTo("alice");
        assertThat(user.at("/roles")).extracting(JsonNode::textValue).contains("dashboard-admin");
        assertThat(user.at("/apiKey/id").textValue()).isEqualTo(key.id());
        assertThat(user.at("/apiKey/tier").textValue()).isEqualTo("pro");
    }

    @Test
    void whatIsNoKeyOfTheRealmIsRefusedWithoutDetail() throws Exception {
        String wrong = keyOf("bob", "free").raw();
        String tampered = wrong.substring(0, wrong.length() - 8) + "AAAAAAAA";
        String accessToken = realm.clients().serviceAccountToken("another-service");
        HttpResponse<String> without = send(HttpRequest.newBuilder(URI.create(url + "/api/trpc/me")));
        assertThat(without.statusCode()).isEqualTo(401);
        for (String other : List.of(tampered, accessToken, "nonsense", "")) {
            HttpResponse<String> refused = me(other);
            assertThat(refused.statusCode()).as(other).isEqualTo(401);
            assertThat(refused.body()).isEqualTo(without.body());
        }
    }

    @Test
    void aSessionDoesNotHelpAWrongKey() {
        Page page = open();
        signIn(page, keyOf("bob", "free"));

        assertThat(page.evaluate(
                        "async () => [await fetch('/api/trpc/me'), await fetch('/api/trpc/me', {headers: {'x-api-key': 'wrong'}})]"
                                + ".map(response => response.status)"))
                .isEqualTo(List.of(200, 401));
    }

    @Test
    void aRevocationTakesEffectWithinTenSeconds() throws Exception {
        RawKey key = keyOf("bob", "free");
        RawKey usedUp = realm.key(
                realm.users().existing("alice"),
                Map.of("name", "one use", "limits", Map.of("quota", Map.of("remaining", 1))));
        for (int i = 0; i < 3; i++) {
            assertThat(me(key.raw()).statusCode()).isEqualTo(200);
            assertThat(me(usedUp.raw()).statusCode())
                    .as("counts once while it is kept")
                    .isEqualTo(200);
        }

        realm.keys().delete(key.id());
        Instant revoked = Instant.now();

        await().atMost(KEPT.plus(MARGIN))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> me(key.raw()).statusCode() == 401);
        System.err.printf(
                "Refused %d ms after the revocation%n",
                Duration.between(revoked, Instant.now()).toMillis());
        await().atMost(KEPT.plus(MARGIN)).until(() -> me(usedUp.raw()).statusCode() == 401);
    }

    @Test
    void anAdministratorCreatesAUserWithAKeyWhichSignsIn() throws Exception {
        String username = "newcomer-" + UUID.randomUUID();
        Page page = open(new NewContextOptions().setViewportSize(360, 800));
        signIn(page, keyOf("alice", "enterprise"));

        page.getByLabel("User").fill(username);
        page.getByLabel("Name of the key").fill("first");
        page.getByLabel("Tier").selectOption("pro");
        assertFitsAndIsAccessible(page, "create-key");
        button(page, "Create key").click();

        Locator shown = page.locator("#new-key");
        assertThat(shown).isVisible();
        String key = shown.textContent();
        Secrets.register(key);
        assertFitsAndIsAccessible(page, "created-key");
        JsonNode created = realm.keys().lookUp(key).body();
        assertThat(created.at("/limits/quota"))
                .hasToString("{\"remaining\":100,\"refillAmount\":100,\"refillIntervalSeconds\":604800}");
        assertThat(Duration.between(
                        Instant.now(), Instant.parse(created.at("/expiresAt").textValue())))
                .isBetween(Duration.ofDays(365).minusMinutes(5), Duration.ofDays(365));

        button(page, "Done").click();
        assertThat(shown).hasCount(0);
        assertThat(page.content()).doesNotContain(key);

        page.getByLabel("User").fill(username);
        page.getByLabel("Name of the key").fill("second");
        button(page, "Create key").click();
        assertThat(page.getByRole(AriaRole.ALERT).filter(new Locator.FilterOptions().setHasText("exists")))
                .isVisible();
        Chromium.picture(page, "nextjs-refused-user");

        Page newcomer = open();
        signIn(newcomer, new RawKey(created.at("/id").textValue(), key));
        assertThat(newcomer.locator("#user")).hasText(username);
        assertThat(newcomer.locator("#tier")).hasText("pro");
        assertThat(Json.read(me(key).body()).at("/result/data/name").textValue())
                .isEqualTo(username);
    }

    @Test
    void onlyAdministratorsCreateKeys() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/api/trpc/keys.create"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        Json.write(Map.of("username", "mallory", "name", "first", "tier", "enterprise"))));

        assertThat(send(request.copy()).statusCode()).isEqualTo(401);
        assertThat(send(request.header("x-api-key", keyOf("bob", "free").raw())).statusCode())
                .isEqualTo(403);
        assertThat(realm.admin().users().searchByUsername("mallory", true)).isEmpty();
    }

    @Test
    void nothingIsAcceptedWhileKeycloakCannotBeReached() throws Exception {
        RawKey key = keyOf("bob", "free");
        Page page = open();
        signIn(page, key);
        int port = Ports.free();
        String nowhere = "http://127.0.0.1:" + Ports.free() + "/realms/" + realm.name();

        try (Running astray = application.start(port, "AUTH_URL=" + address(port), "AUTH_KEYCLOAK_ISSUER=" + nowhere)) {
            assertThat(astray.process().isAlive()).isTrue();
            assertThat(send(HttpRequest.newBuilder(URI.create(address(port) + "/api/trpc/me"))
                                    .header("x-api-key", key.raw()))
                            .statusCode())
                    .isEqualTo(503);
            // Leaves the page whose session is renewed. Cookies know no ports, so the session goes along.
            page.navigate("about:blank");
            Thread.sleep(ACCESS_TOKEN_LIFESPAN.plusSeconds(1).toMillis());
            page.navigate(address(port));
            assertThat(page.getByText("Keycloak cannot be reached")).isVisible();
            assertThat(page.locator("#user")).hasCount(0);
            Chromium.picture(page, "nextjs-unreachable");
        }

        page.navigate(url);
        assertThat(page.locator("#user")).hasText("bob");
    }

    private static RawKey keyOf(String username, String tier) {
        return realm.key(
                realm.users().existing(username),
                Map.of("name", "key " + UUID.randomUUID(), "metadata", Map.of("tier", tier)));
    }

    private static Page open() {
        return open(new NewContextOptions());
    }

    private static Page open(NewContextOptions options) {
        Page page = Chromium.page(options.setLocale("en"));
        page.navigate(url);
        return page;
    }

    private static void signIn(Page page, RawKey key) {
        button(page, "Sign in").click();
        page.locator("#apiKey").fill(key.raw());
        page.locator("#kc-login").click();
        assertThat(page.locator("#user")).isVisible();
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName(name));
    }

    private static void assertFitsAndIsAccessible(Page page, String picture) {
        Chromium.picture(page, "nextjs-" + picture);
        assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .isEqualTo(true);
        assertThat(new AxeBuilder(page).analyze().getViolations()).isEmpty();
    }

    private static HttpResponse<String> me(String key) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + "/api/trpc/me")).header("x-api-key", key));
    }

    /** Also returns server errors, on which {@link io.apikeys.keycloak.support.Http} fails. */
    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}
