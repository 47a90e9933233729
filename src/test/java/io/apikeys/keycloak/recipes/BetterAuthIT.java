package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.DatabaseServer;
import io.apikeys.keycloak.support.Gateway;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/recipes/better-auth.md}, with a table that the real packages have made. */
class BetterAuthIT {

    private static final Recipe RECIPE = Recipe.of("better-auth");

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice@example.org");
    private final Gateway gateway = realm.gateway();

    @Test
    void itsKeysGoOnWorking(@TempDir Path directory) throws Exception {
        Recipe.require("PostgreSQL", "/usr/bin/psql");
        Recipe.require("jq", "/usr/bin/jq");
        Recipe.requireCommand("npm");
        try (DatabaseServer database = DatabaseServer.postgres()) {
            JsonNode keys = keysMadeByBetterAuth(directory, database.postgresUrl("keycloak"));
            Files.writeString(directory.resolve("keys.sql"), RECIPE.block("sql", 0));

            assertThat(imported(directory, database)).isEmpty();

            String limited = keys.get("limited").textValue();
            assertThat(gateway.check(limited).headers().firstValue("RateLimit"))
                    .contains("\"rate\";r=99;t=60, \"quota\";r=1");
            assertThat(gateway.check(limited).statusCode()).isEqualTo(200);
            assertThat(gateway.check(limited).statusCode()).isEqualTo(429);
            JsonNode shown = realm.keys().lookUp(limited).body();
            assertThat(shown.at("/metadata/metadata/plan").textValue()).isEqualTo("pro");
            assertThat(shown.at("/metadata/permissions/files/0").textValue()).isEqualTo("read");
            assertThat(shown.get("hint").textValue()).isEqualTo(limited.substring(0, 6) + "…");
            assertThat(shown.get("userId").textValue()).isEqualTo(alice.id());
            assertThat(shown.get("expiresAt").isTextual()).isTrue();
            assertThat(realm.keys()
                            .lookUp(keys.get("refilled").textValue())
                            .body()
                            .get("limits"))
                    .hasToString("{\"quota\":{\"remaining\":1,\"refillAmount\":5,\"refillIntervalSeconds\":86400}}");
            for (String other : new String[] {"refilled", "nameless", "twin"}) {
                assertThat(gateway.check(keys.get(other).textValue()).statusCode())
                        .isEqualTo(200);
            }
            assertThat(gateway.check(keys.get("disabled").textValue()).statusCode())
                    .isEqualTo(401);

            assertThat(imported(directory, database).lines())
                    .as("a second run changes nothing")
                    .hasSize(5)
                    .allSatisfy(line -> assertThat(line).contains("\"status\":409"));
        }
    }

    private static JsonNode keysMadeByBetterAuth(Path directory, String databaseUrl)
            throws IOException, InterruptedException {
        Files.copy(Path.of("src/test/resources/better-auth/make-keys.mjs"), directory.resolve("make-keys.mjs"));
        Files.writeString(directory.resolve("package.json"), "{\"private\":true}");
        Shell.Result made = bash(
                directory,
                "npm install --silent --no-audit --no-fund --legacy-peer-deps"
                        + " better-auth@1.7.5 @better-auth/api-key@1.7.5 pg@8 && node make-keys.mjs",
                Map.of("DATABASE_URL", databaseUrl));
        return Json.read(made.output()
                .lines()
                .filter(line -> line.startsWith("KEYS "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(made.output()))
                .substring("KEYS ".length()));
    }

    /** What the recipe says was not taken over. */
    private String imported(Path directory, DatabaseServer database) throws IOException, InterruptedException {
        String script = Recipe.adapt(
                RECIPE.block("bash", 0),
                "https://keycloak.example.org",
                KeycloakServer.running().url(),
                "my-realm",
                realm.name());
        Shell.Result result = bash(
                directory,
                script + RECIPE.block("bash", 1),
                Map.of(
                        "BETTER_AUTH_DATABASE_URL",
                        database.postgresUrl("keycloak"),
                        "ADMIN_TOKEN",
                        TestRealm.adminToken()));
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output().strip();
    }

    private static Shell.Result bash(Path directory, String script, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder bash =
                new ProcessBuilder("bash", "-euo", "pipefail", "-c", script).directory(directory.toFile());
        bash.environment().putAll(environment);
        return Shell.run(bash);
    }
}
