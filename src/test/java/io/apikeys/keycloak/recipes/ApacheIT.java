package io.apikeys.keycloak.recipes;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.apikeys.keycloak.recipes.Recipe.Running;
import io.apikeys.keycloak.support.Chromium;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** docs/recipes/apache.md, with Apache and a person in Chromium who has a key. */
@ExtendWith(Chromium.class)
class ApacheIT {

    private static final String PROGRAM = "/usr/sbin/apache2";
    private static final String MODULES = "/usr/lib/apache2/modules/";

    @TempDir
    private Path directory;

    @BeforeEach
    void apacheIsThere() {
        Recipe.require("Apache with mod_auth_openidc", PROGRAM, MODULES + "mod_auth_openidc.so", "/usr/bin/openssl");
    }

    @Test
    void aUserSignsInWithAKey() throws Exception {
        TestRealm realm = TestRealm.create();
        RawKey key = realm.key(realm.user("alice"));
        int port = Ports.free();
        String website = "http://127.0.0.1:" + port;
        realm.clients().website("my-website", website + "/oidc/callback");

        try (Behind behind = Behind.start();
                Running apache = start(realm, port, website, behind)) {
            Page page = Chromium.page(new NewContextOptions().setLocale("en"));
            page.navigate(website + "/");
            page.getByText("Try Another Way").click();
            page.getByRole(AriaRole.BUTTON)
                    .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText("API key"))
                    .click();
            page.locator("#apiKey").fill(key.raw());
            page.locator("#kc-login").click();

            assertThat(page).hasURL(website + "/");
            assertThat(page.getByText("For alice")).isVisible();
            Assertions.assertThat(behind.header("X-User")).isEqualTo("alice");
            Assertions.assertThat(behind.header("Authorization")).isNull();
            Assertions.assertThat(apache.process().isAlive()).isTrue();
        }
    }

    private Running start(TestRealm realm, int port, String website, Behind behind) throws Exception {
        String site = Recipe.adapt(
                Recipe.of("apache").block("apache", 0),
                "*:80",
                "127.0.0.1:" + port,
                "https://keycloak.example.org",
                KeycloakServer.running().url(),
                "my-realm",
                realm.name(),
                "OIDCClientSecret secret",
                "OIDCClientSecret \"" + RealmClients.SECRET + "\"",
                "https://www.example.org",
                website,
                "http://127.0.0.1:9000",
                behind.url());
        StringBuilder configuration = new StringBuilder("ServerRoot " + directory + "\nPidFile httpd.pid\n"
                + "ServerName 127.0.0.1\nErrorLog /dev/stderr\nUser www-data\nGroup www-data\n"
                + "Listen 127.0.0.1:" + port + "\n");
        for (String module : new String[] {
            "mpm_event", "authn_core", "authz_core", "authz_user", "headers", "proxy", "proxy_http", "auth_openidc"
        }) {
            configuration.append("LoadModule " + module + "_module " + MODULES + "mod_" + module + ".so\n");
        }
        Path file = Files.writeString(directory.resolve("httpd.conf"), configuration + site);
        return Running.start(
                directory, URI.create(website + "/"), List.of(PROGRAM, "-DFOREGROUND", "-f", file.toString()));
    }
}
