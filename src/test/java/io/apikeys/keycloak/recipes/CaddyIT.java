package io.apikeys.keycloak.recipes;

import io.apikeys.keycloak.recipes.Recipe.Running;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.TestRealm;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/recipes/caddy.md, with Caddy. */
class CaddyIT {

    private static final String PROGRAM = "/usr/bin/caddy";

    @Test
    void aRequestWithAKeyIsLetThroughWithTheNameOfItsHolder(@TempDir Path directory) throws Exception {
        Recipe.require("Caddy", PROGRAM);
        TestRealm realm = TestRealm.create();
        int port = Ports.free();
        URI address = URI.create("http://127.0.0.1:" + port + "/");
        try (Behind behind = Behind.start()) {
            String site = Recipe.adapt(
                    Recipe.of("caddy").block("caddyfile", 0),
                    "127.0.0.1:8081",
                    "127.0.0.1:" + port,
                    "https://keycloak.example.org",
                    KeycloakServer.running().url(),
                    "my-realm",
                    realm.name(),
                    "http://127.0.0.1:9000",
                    behind.url());
            Path file = Files.writeString(
                    directory.resolve("Caddyfile"),
                    "{\n\tadmin off\n\tauto_https off\n\tstorage file_system " + directory + "\n}\n" + site);
            try (Running caddy = Running.start(
                    directory,
                    address,
                    List.of(
                            "env",
                            "XDG_CONFIG_HOME=" + directory,
                            PROGRAM,
                            "run",
                            "--config",
                            file.toString(),
                            "--adapter",
                            "caddyfile"))) {
                new CheckedBy(caddy, address, realm, behind).lets();
            }
        }
    }
}
