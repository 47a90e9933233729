package io.apikeys.keycloak.rest.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpServer;
import io.apikeys.keycloak.support.Chromium;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The element {@code <keycloak-api-keys>} on a page of another origin, which feeds it with a token. */
@ExtendWith(Chromium.class)
class ApiKeysElementIT {

    private static final String PAGE = """
            <!doctype html>
            <html lang="%1$s">
              <head>
                <meta charset="utf-8">
                <title>Dashboard</title>
                <style>:root { color-scheme: light dark; } body { font-family: sans-serif; margin: 1rem; background: light-dark(#fff, #151515); } keycloak-api-keys { --keycloak-api-keys-radius: 8px; }</style>
              </head>
              <body>
                <main><h1>Dashboard</h1><keycloak-api-keys realm-url="%2$s"></keycloak-api-keys></main>
                <script type="module">
                  import "%2$s/api-keys/ui/api-keys.js";
                  window.seen = [];
                  for (const type of ["api-key-created", "api-key-revoked", "api-key-login-required"]) {
                    document.addEventListener(type, (event) => window.seen.push({ type, ...event.detail }));
                  }
                  document.querySelector("keycloak-api-keys").token = async () => "%3$s";
                </script>
              </body>
            </html>
            """;

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private HttpServer dashboard;
    private String language = "en";

    @BeforeEach
    void start() throws IOException {
        dashboard = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        dashboard.createContext("/", exchange -> {
            byte[] page = PAGE.formatted(
                            language,
                            KeycloakServer.running().uri("/realms/" + realm.name()),
                            realm.app()
                                    .passwordGrant("alice", TestRealm.PASSWORD)
                                    .access())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        dashboard.start();
        realm.clients().allowOrigin("app", origin());
    }

    @AfterEach
    void stop() {
        dashboard.stop(0);
    }

    @Test
    void worksAndTellsThePageAroundWhatHappensButNotTheKey() {
        KeysPage keys = open(new NewContextOptions().setLocale("en"));

        keys.button("Create API key").click();
        keys.page()
                .getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
                .fill("robot");
        keys.submit("Create API key");
        String raw = keys.readKey();
        keys.confirmSaved();
        keys.button("Revoke robot").click();
        keys.submit("Revoke");
        assertThat(keys.page().getByText("You have no API keys.")).isVisible();

        String seen = keys.page().evaluate("JSON.stringify(window.seen)").toString();
        assertThat(seen)
                .containsSubsequence("api-key-created", "\"name\":\"robot\"", "api-key-revoked")
                .doesNotContain(raw);
    }

    @Test
    void aRoleThatNoLongerExistsIsShownAsSuchAndGoesWithTheNextChange() {
        realm.users().giveRole(alice, "reader");
        realm.users().giveRole(alice, "writer");
        RawKey key = realm.key(
                alice, Map.of("name", "narrow", "restrictions", Map.of("realmRoles", List.of("reader", "writer"))));
        realm.admin().roles().deleteRole("reader");
        KeysPage keys = open(new NewContextOptions().setLocale("en"));

        keys.button("narrow").click();

        assertThat(keys.dialog().getByText("reader (no longer exists), writer")).isVisible();
        Locator missing = keys.dialog().getByLabel("reader (no longer exists)");
        assertThat(missing).isDisabled();
        assertThat(missing).not().isChecked();
        keys.dialog()
                .getByLabel("writer", new Locator.GetByLabelOptions().setExact(true))
                .uncheck();
        keys.submit("Save");
        assertThat(keys.dialog()).hasCount(0);
        assertThat(realm.keys().get(key.id()).body().at("/restrictions/realmRoles"))
                .hasToString("[]");
        assertThat(realm.keys().get(key.id()).body().has("missing")).isFalse();
    }

    @Test
    void asksThePageAroundForALogin() throws InterruptedException {
        realm.setPolicy(Map.of("max_auth_age", "1"));
        KeysPage keys = open(new NewContextOptions().setLocale("en"));
        keys.button("Create API key").waitFor();
        Thread.sleep(2_100);

        keys.button("Create API key").click();
        keys.page()
                .getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
                .fill("robot");
        keys.submit("Create API key");

        assertThat(keys.page().getByText("Please sign in again, then repeat this."))
                .isVisible();
        assertThat(keys.page().evaluate("JSON.stringify(window.seen)"))
                .isEqualTo("[{\"type\":\"api-key-login-required\",\"maxAge\":1}]");
        realm.setPolicy(Map.of("max_auth_age", "300"));
        keys.page().reload();
        assertThat(keys.page().getByLabel("Name", new Page.GetByLabelOptions().setExact(true)))
                .hasValue("robot");
    }

    @Test
    void anOriginThatTheClientDoesNotAllowGetsNoData() {
        realm.clients().allowOrigin("app", "http://app.example");

        assertThat(open(new NewContextOptions().setLocale("en"))
                        .page()
                        .getByText("The server cannot be reached. Please try again."))
                .isVisible();
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280,de", "DARK,360,de"})
    void isGoodInLightAndDarkWideAndNarrow(ColorScheme scheme, int width, String language) {
        this.language = language;
        realm.key(alice, Map.of("name", "laptop", "expiresIn", 86_400));
        KeysPage keys = open(new NewContextOptions().setColorScheme(scheme).setViewportSize(width, 700));

        assertThat(keys.row("laptop")).containsText("Läuft bald ab");
        keys.assertFitsAndIsAccessible("element-" + scheme + "-" + width);
        keys.button("API-Schlüssel erstellen").click();
        keys.assertFitsAndIsAccessible("element-" + scheme + "-" + width + "-create");
    }

    private KeysPage open(NewContextOptions options) {
        Page page = Chromium.page(options);
        page.navigate(origin());
        return new KeysPage(page);
    }

    private String origin() {
        return "http://localhost:" + dashboard.getAddress().getPort();
    }
}
