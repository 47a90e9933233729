package io.apikeys.keycloak.rest.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import io.apikeys.keycloak.support.Chromium;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page "API keys" in Keycloak's Admin Console with theme {@code api-keys}, in Chromium. */
@ExtendWith(Chromium.class)
class AdminConsoleIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");

    /** The navigation leans on these. Without them there is no entry, and the page is at {@code /realms/{realm}/api-keys/console} only. */
    @ParameterizedTest
    @CsvSource({"keycloak.v2", "api-keys"})
    void theConsoleHasTheAnchorsOfTheNavigation(String theme) {
        realm.adminTheme(theme);
        AdminPage console = signedIn(new NewContextOptions().setLocale("en"));

        assertThat(console.page().locator("li > a#nav-item-sessions"))
                .hasAttribute("href", "#/" + realm.name() + "/sessions");
        assertThat(console.page().locator("li > a#nav-item-users")).isVisible();
        assertThat(console.page().locator("main#kc-main-content-page-container"))
                .isVisible();
    }

    @Test
    void theNavigationLeadsToThePageAndBack() {
        realm.adminTheme("api-keys");
        realm.key(alice, Map.of("name", "laptop"));
        AdminPage console = signedIn(new NewContextOptions().setLocale("en"));
        Locator stock = console.page().locator("#kc-main-content-page-container");

        console.link("API keys").click();
        assertThat(console.row("laptop")).isVisible();
        assertThat(stock).isHidden();
        assertThat(console.link("API keys")).hasAttribute("aria-current", "page");
        console.link("laptop").click();
        assertThat(console.element().locator("dl")).containsText("alice");
        console.page().reload();
        assertThat(console.element().locator("dl")).containsText("alice");

        console.page().locator("#nav-item-users").click();
        assertThat(stock).isVisible();
        assertThat(console.element()).hasCount(0);
        assertThat(console.page().locator("#nav-item-api-keys")).hasCount(1);
        console.page().goBack();
        assertThat(console.element().locator("dl")).containsText("alice");
        assertThat(stock).isHidden();
    }

    @Test
    void whoSeesNoUsersHasNoEntry() {
        realm.adminTheme("api-keys");
        User administrator = realm.user("administrator");
        realm.users().addClientRole(administrator, "realm-management", "view-events");
        AdminPage console = new AdminPage(Chromium.page(new NewContextOptions().setLocale("en")));
        console.logIn(address(), "administrator");

        assertThat(console.page().locator("#nav-item-events")).isVisible();
        assertThat(console.page().locator("#nav-item-api-keys")).hasCount(0);
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280", "DARK,1280", "LIGHT,360"})
    void isGoodInLightAndDarkWideAndNarrow(ColorScheme scheme, int width) {
        realm.adminTheme("api-keys");
        realm.key(alice, Map.of("name", "laptop"));
        AdminPage console = signedIn(new NewContextOptions()
                .setColorScheme(scheme)
                .setViewportSize(width, 900)
                .setLocale("en"));
        console.page().locator("#kc-main-content-page-container").waitFor();
        console.page().navigate(address() + "#/" + realm.name() + "/api-keys");
        console.row("laptop").waitFor();
        console.assertFitsAndIsAccessible("admin-console-" + scheme + "-" + width + "-list");
        console.button("Create API key").click();
        console.assertFitsAndIsAccessible("admin-console-" + scheme + "-" + width + "-create");
        assertThat(console.page().locator("main").all()).hasSize(2);
    }

    private AdminPage signedIn(NewContextOptions options) {
        User administrator = realm.user("administrator");
        for (String role : List.of("view-users", "manage-users", "view-realm", "view-clients", "view-events")) {
            realm.users().addClientRole(administrator, "realm-management", role);
        }
        AdminPage console = new AdminPage(Chromium.page(options));
        console.logIn(address(), "administrator");
        return console;
    }

    private String address() {
        return KeycloakServer.running()
                .uri("/admin/" + realm.name() + "/console/")
                .toString();
    }
}
