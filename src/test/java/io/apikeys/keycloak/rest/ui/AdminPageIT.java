package io.apikeys.keycloak.rest.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import io.apikeys.keycloak.support.Chromium;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page on which administrators manage the keys of a realm, on its own and in the Admin Console, in Chromium. */
@ExtendWith(Chromium.class)
class AdminPageIT {

    private static final String HASH = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");

    @Test
    void thePageLoadsNothingFromElsewhereAndNoPageEmbedsIt() {
        HttpResponse<String> answer =
                new Http().send(Http.request(KeycloakServer.running().uri(path())));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(answer.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .startsWith("default-src 'none'; script-src 'self'; connect-src 'self' ")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
    }

    @Test
    void aKeyIsMadeForAUserChangedDisabledRotatedAndRevoked() {
        AdminPage keys = signedIn("manage-users", "view-realm");
        assertThat(keys.page().getByText("No API keys match.")).isVisible();

        keys.button("Create API key").click();
        keys.field("Username").fill("alice");
        keys.field("Name").fill("laptop");
        keys.field("Expires").selectOption("30");
        keys.field("Only some of it").check();
        keys.field("Only from these networks").check();
        keys.field("Networks").fill("127.0.0.0/8\n::1\n172.16.0.0/12");
        keys.field("Limit the rate").check();
        keys.field("Most uses").fill("7");
        keys.field("Metadata").fill("{\"team\":\"sales\"}");
        keys.submit();
        String first = keys.readKey();
        keys.confirmSaved();
        assertThat(keys.status()).hasText("The API key \"laptop\" was created.");
        assertThat(keys.row("laptop")).containsText("alice");
        assertThat(realm.gateway().check(first).statusCode()).isEqualTo(200);
        assertThat(realm.keys().list(Map.of()).body().at("/0/limits/rateLimit"))
                .hasToString("{\"max\":7,\"windowSeconds\":60}");
        assertThat(realm.keys().list(Map.of()).body().at("/0/metadata/team").textValue())
                .isEqualTo("sales");

        keys.link("laptop").click();
        assertThat(keys.element().locator("dl")).containsText("172.16.0.0/12");
        assertThat(keys.element().locator("dl")).containsText("at most 7 uses in 1 minute");
        keys.button("Change").click();
        keys.field("Name").fill("<b>desk</b>");
        keys.field("Everything that its holder may").check();
        keys.field("Limit the rate").uncheck();
        keys.submit();
        assertThat(keys.status()).hasText("The API key \"<b>desk</b>\" was changed.");
        assertThat(realm.keys().list(Map.of()).body().at("/0").has("restrictions"))
                .isFalse();
        assertThat(realm.keys().list(Map.of()).body().at("/0").has("limits")).isFalse();
        assertThat(realm.keys().list(Map.of()).body().at("/0/metadata/team").textValue())
                .isEqualTo("sales");

        keys.button("Disable").click();
        assertThat(keys.button("Enable")).isVisible();
        assertThat(realm.gateway().check(first).statusCode()).isEqualTo(401);
        keys.button("Enable").click();
        assertThat(keys.button("Disable")).isVisible();

        keys.button("Rotate").click();
        keys.submit();
        String second = keys.readKey();
        keys.confirmSaved();
        assertThat(keys.status()).hasText("The API key \"<b>desk</b>\" was rotated.");
        assertThat(realm.gateway().check(first).statusCode()).isEqualTo(401);
        assertThat(realm.gateway().check(second).statusCode()).isEqualTo(200);

        keys.button("Revoke").click();
        keys.field("Reason").selectOption("leaked");
        keys.submit();
        assertThat(keys.page().getByText("No API keys match.")).isVisible();
        assertThat(realm.gateway().check(second).statusCode()).isEqualTo(401);
        assertThat(realm.events().ofAdministrators("API_KEY").get(0).getDetails())
                .containsEntry("reason", "leaked");
        assertThat(keys.page().content()).doesNotContain(first, second);
        assertThat(keys.page().evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])"))
                .isEqualTo("[{},{}]");
    }

    @Test
    void aKeyIsMadeForANewUserAndForAServiceAccount() {
        realm.clients().serviceAccountToken("robot");
        AdminPage keys = signedIn("manage-users", "manage-clients");

        keys.button("Create API key").click();
        keys.field("A new user").check();
        keys.field("New username").fill("newcomer");
        keys.field("E-mail").fill("newcomer@example.org");
        keys.field("First name").fill("New");
        keys.field("Last name").fill("Comer");
        keys.field("Name").fill("first");
        keys.submit();
        assertThat(realm.gateway().check(keys.readKey()).statusCode()).isEqualTo(200);
        keys.confirmSaved();
        assertThat(keys.row("first")).containsText("newcomer");

        keys.button("Create API key").click();
        keys.field("A service account").check();
        keys.field("Client").fill("robot");
        keys.field("Name").fill("second");
        keys.submit();
        assertThat(realm.gateway().check(keys.readKey()).statusCode()).isEqualTo(200);
        keys.confirmSaved();
        assertThat(keys.row("second")).containsText("service-account-robot");
    }

    @Test
    void whatIsWrongIsSaidAtTheField() {
        realm.key(alice, Map.of("name", "laptop"));
        AdminPage keys = signedIn("manage-users");
        keys.button("Create API key").click();
        keys.submit();
        assertThat(keys.field("Username")).hasAccessibleDescription("Choose one of the suggestions.");

        keys.field("Username").fill("alice");
        keys.field("Name").fill("laptop");
        keys.submit();
        assertThat(keys.field("Name")).hasAccessibleDescription(Pattern.compile(".*The holder already has.*"));
        keys.field("Name").fill("desk");
        keys.field("Metadata").fill("{");
        keys.submit();
        assertThat(keys.field("Metadata")).hasAccessibleDescription(Pattern.compile(".*This is not valid JSON\\."));
        keys.field("Metadata").fill("");
        keys.field("Limit the number of uses").check();
        keys.field("Uses left").fill("-1");
        keys.submit();
        assertThat(keys.field("Uses left")).hasAttribute("aria-invalid", "true");
    }

    @Test
    void theListIsSearchedFilteredSortedAndTurned() {
        for (int i = 10; i < 62; i++) {
            realm.key(alice, Map.of("name", "key number " + i));
        }
        User bob = realm.user("bob");
        realm.key(bob, Map.of("name", "soon", "expiresIn", 86_400));
        realm.keys()
                .change(
                        realm.key(bob, Map.of("name", "off", "expiresIn", 864_000))
                                .id(),
                        Map.of("enabled", false));
        realm.clients().serviceAccountToken("robot");
        realm.keys().create(Map.of("name", "of a robot", "username", "service-account-robot"));
        AdminPage keys = signedIn("view-users");

        assertThat(keys.rows()).hasCount(50);
        assertThat(keys.page().getByText("1 to 50 of 55")).isVisible();
        keys.button("Next").click();
        assertThat(keys.rows()).hasCount(5);
        assertThat(keys.page().getByText("51 to 55 of 55")).isVisible();
        keys.page().reload();
        assertThat(keys.rows()).hasCount(5);

        keys.field("Search by name, key or holder").fill("bob");
        assertThat(keys.rows()).hasCount(2);
        keys.button("Expires").click();
        assertThat(keys.rows().first()).containsText("soon");
        keys.button("Expires").click();
        assertThat(keys.rows().first()).containsText("off");
        keys.field("Expiry").selectOption("7");
        assertThat(keys.rows()).hasCount(1);
        keys.field("Expiry").selectOption("");
        keys.field("State").selectOption("disabled");
        assertThat(keys.row("off")).isVisible();
        assertThat(keys.rows()).hasCount(1);
        keys.field("State").selectOption("");
        keys.field("Search by name, key or holder").fill("");
        keys.field("Holders").selectOption("serviceAccounts");
        assertThat(keys.row("of a robot")).isVisible();
        assertThat(keys.rows()).hasCount(1);
        keys.field("Limits").selectOption("limited");
        assertThat(keys.page().getByText("No API keys match.")).isVisible();
    }

    @Test
    void allKeysOfAUserAreRevoked() {
        RawKey one = realm.key(alice, Map.of("name", "one"));
        RawKey two = realm.key(alice, Map.of("name", "two"));
        realm.key(realm.user("bob"), Map.of("name", "of bob"));
        AdminPage keys = signedIn("manage-users");

        keys.row("one").getByRole(AriaRole.BUTTON).click();
        assertThat(keys.page().getByText("API keys of alice")).isVisible();
        keys.button("Revoke all").click();
        keys.submit();
        assertThat(keys.status()).hasText("All API keys of alice were revoked.");
        assertThat(realm.gateway().check(one.raw()).statusCode()).isEqualTo(401);
        assertThat(realm.gateway().check(two.raw()).statusCode()).isEqualTo(401);
        keys.button("Show all holders").click();
        assertThat(keys.row("of bob")).isVisible();
    }

    @Test
    void aFoundKeyIsLookedUp() {
        RawKey key = realm.key(alice, Map.of("name", "found"));
        AdminPage keys = signedIn("view-users");

        keys.button("Look up a key").click();
        keys.field("API key").fill("kck_nothing");
        keys.submit();
        assertThat(keys.field("API key")).hasAccessibleDescription(Pattern.compile(".*not an API key of this realm.*"));
        keys.field("API key").fill(key.raw());
        keys.submit();
        assertThat(keys.status()).hasText("This is the API key \"found\" of alice.");
        assertThat(keys.element().locator("dl")).containsText(key.id());
        assertThat(keys.page().url()).endsWith("#/" + realm.name() + "/api-keys/key/" + key.id());
    }

    @Test
    void thePolicyIsAForm() {
        AdminPage keys = signedIn("manage-realm", "view-users");
        keys.link("Policy").click();

        keys.field("Longest expiry (days)").fill("many");
        keys.button("Save").click();
        assertThat(keys.field("Longest expiry (days)")).hasAttribute("aria-invalid", "true");
        keys.field("Longest expiry (days)").fill("30");
        keys.field("Key sessions may manage keys").check();
        keys.button("Save").click();
        assertThat(keys.status()).hasText("The policy was saved.");
        assertThat(keys.field("Longest expiry (days)")).hasValue("30");
        assertThat(keys.field("Key sessions may manage keys")).isChecked();

        keys.field("Longest expiry (days)").fill("");
        keys.button("Save").click();
        assertThat(keys.status()).hasText("The policy was saved.");
        assertThat(keys.field("Longest expiry (days)")).hasValue("");
    }

    @Test
    void theListIsExportedWithoutFormulas() throws IOException {
        realm.key(alice, Map.of("name", "=1+1"));
        realm.key(alice, Map.of("name", "a; =1+1;b"));
        realm.key(alice, Map.of("name", "with, \"quotes\"", "restrictions", Map.of("cidrs", List.of("127.0.0.0/8"))));
        AdminPage keys = signedIn("view-users");
        keys.rows().first().waitFor();

        Download file =
                keys.page().waitForDownload(() -> keys.button("Export as CSV").click());

        List<String> lines = Files.readAllLines(file.path());
        assertThat(file.suggestedFilename())
                .startsWith("api-keys-" + realm.name())
                .endsWith(".csv");
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).startsWith("\uFEFFid,name,hint,userId,username");
        assertThat(lines.get(1)).contains(",\"with, \"\"quotes\"\"\",").contains("\"{\"\"cidrs\"\":[");
        assertThat(lines.get(2))
                .as("for spreadsheets that separate cells by semicolons")
                .contains(",a;' =1+1;b,");
        assertThat(lines.get(3)).contains(",'=1+1,");
        assertThat(keys.status()).hasText("Keys exported: 3");
    }

    @Test
    void keysAreImportedWithAReportForEachRow() {
        AdminPage keys = signedIn("manage-users");
        keys.link("Import").click();
        keys.button("Import").click();
        assertThat(keys.field("File")).hasAccessibleDescription(Pattern.compile(".*Choose a file\\."));

        keys.field("File")
                .setInputFiles(csv("name,username,hash,start,limits\r\n"
                        + "\"old, one\",alice," + HASH + ",mb_abc,\"{\"\"quota\"\":{\"\"remaining\"\":5}}\"\r\n"
                        + "bad,nobody," + HASH + ",,\r\n"));
        keys.button("Import").click();

        assertThat(keys.status()).hasText("Imported: 1. Refused: 1.");
        assertThat(keys.rows().nth(0)).containsText("old, one");
        assertThat(keys.rows().nth(0)).containsText("Imported");
        assertThat(keys.rows().nth(1)).containsText("username: There is no such user.");
        assertThat(realm.keys()
                        .list(Map.of())
                        .body()
                        .at("/0/limits/quota/remaining")
                        .intValue())
                .isEqualTo(5);

        keys.field("File").setInputFiles(csv("[{"));
        keys.button("Import").click();
        assertThat(keys.field("File")).hasAccessibleDescription(Pattern.compile(".*This is not valid JSON.*"));
    }

    private static FilePayload csv(String text) {
        return new FilePayload("keys.csv", "text/csv", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whoMayOnlyViewIsToldSo() {
        RawKey key = realm.key(alice, Map.of("name", "laptop"));
        AdminPage keys = signedIn("view-users");

        keys.link("laptop").click();
        keys.button("Disable").click();
        assertThat(keys.status()).hasText("You may not manage this user.");
        keys.button("Revoke").click();
        keys.submit();
        assertThat(keys.dialog().getByRole(AriaRole.ALERT)).hasText("You may not manage this user.");
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200);
        keys.page().keyboard().press("Escape");
        keys.link("Policy").click();
        assertThat(keys.element().getByRole(AriaRole.ALERT)).containsText("You do not have permission to do this.");
    }

    @Test
    void whoMayNotViewUsersIsToldSo() {
        AdminPage keys = signedIn("view-events");

        assertThat(keys.element().getByRole(AriaRole.ALERT)).containsText("You may not view all users.");
    }

    @Test
    void aRealmWithoutKeysSaysSo() {
        realm.turnKeysOff();

        assertThat(signedIn("view-users").element().getByRole(AriaRole.ALERT))
                .hasText("API keys are not enabled in this realm.");
    }

    @Test
    void administratorsOfTheMasterRealmChooseARealm() {
        realm.key(alice, Map.of("name", "laptop"));
        AdminPage keys = new AdminPage(Chromium.page(new NewContextOptions().setLocale("en")));
        keys.logIn(
                KeycloakServer.running().uri("/realms/master/api-keys/console").toString(),
                KeycloakServer.ADMIN,
                KeycloakServer.ADMIN_PASSWORD);
        assertThat(keys.element().getByRole(AriaRole.ALERT)).hasText("API keys are not enabled in this realm.");

        keys.field("Realm").selectOption(realm.name());
        assertThat(keys.row("laptop")).isVisible();
        keys.page().reload();
        assertThat(keys.row("laptop")).isVisible();
        assertThat(keys.field("Realm")).hasValue(realm.name());
    }

    @Test
    void usesAreShownIfTheRealmKeepsEvents() {
        RawKey key = realm.key(alice, Map.of("name", "laptop"));
        AdminPage keys = signedIn("view-users", "view-events");
        keys.link("laptop").click();
        assertThat(keys.element().locator("dl")).isVisible();
        assertThat(keys.element().locator(".chart")).hasCount(0);

        realm.clients().exchanger("exchanger").exchange(key.raw());
        keys.page().reload();
        assertThat(keys.element().locator(".chart li")).hasCount(30);
        assertThat(keys.element().locator(".chart li").last()).containsText(": 1");
    }

    @Test
    void theKeyboardAloneIsEnough() {
        realm.key(alice, Map.of("name", "laptop"));
        AdminPage keys = signedIn("manage-users");
        Locator create = keys.button("Create API key");
        create.waitFor();
        create.focus();
        keys.page().keyboard().press("Enter");
        tabTo(keys, keys.field("Username"));
        keys.page().keyboard().type("alice");
        tabTo(keys, keys.field("Name"));
        keys.page().keyboard().type("by keyboard");
        keys.page().keyboard().press("Enter");
        keys.readKey();
        tabTo(keys, keys.field("I have saved the key"));
        keys.page().keyboard().press("Space");
        keys.page().keyboard().press("Tab");
        keys.page().keyboard().press("Enter");
        assertThat(keys.row("by keyboard")).isVisible();

        tabTo(keys, keys.link("by keyboard"));
        keys.page().keyboard().press("Enter");
        tabTo(keys, keys.button("Revoke"));
        keys.page().keyboard().press("Enter");
        tabTo(keys, keys.dialog().locator("button[type=submit]"));
        keys.page().keyboard().press("Enter");
        assertThat(keys.row("laptop")).isVisible();
        assertThat(keys.row("by keyboard")).hasCount(0);
    }

    private static void tabTo(AdminPage keys, Locator target) {
        target.waitFor();
        for (int i = 0; i < 40 && !Boolean.TRUE.equals(target.evaluate("e => e.matches(':focus')")); i++) {
            keys.page().keyboard().press("Tab");
        }
        assertThat(target).isFocused();
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280,en", "DARK,1280,de", "LIGHT,360,de", "DARK,360,en"})
    void isGoodInLightAndDarkWideAndNarrow(ColorScheme scheme, int width, String language) {
        keysInManyStates();
        String name = "admin-" + scheme + "-" + width + "-";
        AdminPage keys = signedIn(
                new NewContextOptions()
                        .setColorScheme(scheme)
                        .setViewportSize(width, 900)
                        .setLocale(language),
                "manage-users",
                "manage-realm",
                "view-clients",
                "view-events");
        keys.row("laptop").waitFor();
        keys.assertFitsAndIsAccessible(name + "list");

        keys.link("nightly report of the accounting department").click();
        keys.element().locator("dl").waitFor();
        keys.assertFitsAndIsAccessible(name + "key");
        keys.element().locator("button.primary").click();
        keys.dialog().waitFor();
        keys.assertFitsAndIsAccessible(name + "change");
        keys.page().keyboard().press("Escape");
        keys.element().locator("button.danger").click();
        keys.assertFitsAndIsAccessible(name + "revoke");
        keys.page().keyboard().press("Escape");

        keys.element().locator("nav a").nth(0).click();
        keys.row("laptop").waitFor();
        keys.element().locator("button.primary").click();
        keys.dialog().locator("input[type=text]").first().fill("alice");
        keys.dialog().locator("fieldset:not(.kinds) input[type=radio]").last().check();
        keys.assertFitsAndIsAccessible(name + "create");
        keys.page().keyboard().press("Escape");
        keys.element().locator(".bar button").nth(1).click();
        keys.assertFitsAndIsAccessible(name + "look-up");
        keys.page().keyboard().press("Escape");

        keys.element().locator("nav a").nth(1).click();
        keys.element().locator("form.policy").waitFor();
        keys.assertFitsAndIsAccessible(name + "policy");
        keys.element().locator("nav a").nth(2).click();
        keys.element()
                .locator("input[type=file]")
                .setInputFiles(csv("name,username,hash\r\nold,alice," + HASH + "\r\nbad,nobody," + HASH + "\r\n"));
        keys.element().locator("button.primary").click();
        keys.rows().first().waitFor();
        keys.assertFitsAndIsAccessible(name + "import");
    }

    private void keysInManyStates() {
        realm.key(
                alice,
                Map.of("name", "laptop", "restrictions", Map.of("cidrs", List.of("192.0.2.0/24", "127.0.0.0/8"))));
        RawKey used = realm.key(
                alice,
                Map.of(
                        "name",
                        "nightly report of the accounting department",
                        "expiresIn",
                        7_776_000,
                        "metadata",
                        Map.of("team", "accounting"),
                        "limits",
                        Map.of(
                                "quota",
                                Map.of("remaining", 1000, "refillAmount", 1000, "refillIntervalSeconds", 604_800),
                                "rateLimit",
                                Map.of("max", 10, "windowSeconds", 60))));
        realm.clients().exchanger("exchanger").exchange(used.raw());
        User bob = realm.user("bob-with-quite-a-long-username@example.org");
        realm.key(bob, Map.of("name", "soon", "expiresIn", 86_400));
        realm.key(bob, Map.of("name", "over", "expiresIn", 1));
        realm.keys().change(realm.key(bob, Map.of("name", "locked")).id(), Map.of("enabled", false));
    }

    private AdminPage signedIn(String... roles) {
        return signedIn(new NewContextOptions().setLocale("en").setAcceptDownloads(true), roles);
    }

    /** Signs a new administrator in, who has these roles of client {@code realm-management}. */
    private AdminPage signedIn(NewContextOptions options, String... roles) {
        User administrator = realm.user("administrator");
        for (String role : roles) {
            realm.users().addClientRole(administrator, "realm-management", role);
        }
        AdminPage keys = new AdminPage(Chromium.page(options));
        keys.logIn(KeycloakServer.running().uri(path()).toString(), "administrator");
        return keys;
    }

    private String path() {
        return "/realms/" + realm.name() + "/api-keys/console";
    }
}
