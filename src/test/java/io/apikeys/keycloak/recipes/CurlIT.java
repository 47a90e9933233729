package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.Claims;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/recipes/curl.md, with curl. */
class CurlIT {

    private final Recipe recipe = Recipe.of("curl");

    @TempDir
    private Path directory;

    @BeforeEach
    void curlIsThere() {
        Recipe.require("curl or jq", "/usr/bin/curl", "/usr/bin/jq");
    }

    @Test
    void aProgramOnTheUsersMachineGetsTokensThatRefresh() throws Exception {
        TestRealm realm = TestRealm.create();
        User alice = realm.user("alice");
        realm.flow("direct grant by key")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();

        String output = run(0, realm, realm.key(alice), "my-cli", "app");
        String refreshed = output.substring(output.lastIndexOf("\n{") + 1);

        assertThat(output).contains("\"sub\":\"" + alice.id() + "\"");
        assertThat(Claims.of(Json.read(refreshed).get("access_token").textValue())
                        .subject())
                .isEqualTo(alice.id());
    }

    @Test
    void aProgramOnAServerGetsAToken() throws Exception {
        TestRealm realm = TestRealm.create();
        User alice = realm.user("alice");
        realm.clients().exchanger("my-server");

        JsonNode answer =
                Json.read(run(1, realm, realm.key(alice), "my-server:secret", "my-server:" + RealmClients.SECRET));

        assertThat(Claims.of(answer.get("access_token").textValue()).authorizedParty())
                .isEqualTo("my-server");
    }

    private String run(int block, TestRealm realm, RawKey key, String... more)
            throws IOException, InterruptedException {
        Files.writeString(directory.resolve("key.txt"), key.raw());
        String script = Recipe.adapt(
                recipe.block("bash", block),
                "https://keycloak.example.org",
                KeycloakServer.running().url(),
                "my-realm",
                realm.name());
        // What the script ends up with is for the test to see.
        String shown = "set -eu\n" + Recipe.adapt(script, more) + "printf '\\n%s' \"${tokens:-}\"\n";
        Shell.Result result = Shell.run(new ProcessBuilder("bash", "-c", shown).directory(directory.toFile()));
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output().strip();
    }
}
