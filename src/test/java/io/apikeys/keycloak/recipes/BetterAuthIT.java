package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.DatabaseServer;
import io.apikeys.keycloak.support.Gateway;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.KeyAnswer;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.RealmsAdministrator;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/recipes/better-auth.md}, with a table that the real packages have made, and its likes of Prisma and Drizzle. */
class BetterAuthIT {

    private static final Recipe RECIPE = Recipe.of("better-auth");

    /** better-auth's own schema, and those that Prisma and Drizzle make. */
    private static final List<String> SCHEMAS = List.of("public", "prisma", "drizzle");

    @Test
    void itsKeysGoOnWorking(@TempDir Path directory) throws Exception {
        Recipe.require("PostgreSQL", "/usr/bin/psql");
        Recipe.require("jq", "/usr/bin/jq");
        Recipe.requireCommand("npm");
        try (DatabaseServer database = DatabaseServer.postgres()) {
            String url = database.postgresUrl("keycloak");
            JsonNode keys = keysMadeByBetterAuth(directory, url);
            Files.writeString(directory.resolve("keys.sql"), RECIPE.block("sql", 0));
            Files.writeString(directory.resolve("left-out.sql"), RECIPE.block("sql", 1));
            for (String schema : SCHEMAS) {
                if (!schema.equals("public")) {
                    Path tables = Path.of("src/test/resources/better-auth", schema + ".sql")
                            .toAbsolutePath();
                    run(
                            directory,
                            "psql -q -v ON_ERROR_STOP=1 -f " + tables + " \"$BETTER_AUTH_DATABASE_URL\"",
                            url,
                            "public");
                }
                new Move(TestRealm.create(), directory, url, schema).check(keys);
            }
        }
    }

    /** The keys of one schema come into a realm. */
    private record Move(TestRealm realm, Path directory, String url, String schema) {

        void check(JsonNode keys) throws Exception {
            User alice = realm.user("alice@example.org");
            Gateway gateway = realm.gateway();

            assertThat(imported()).as(schema).isEmpty();

            String limited = keys.get("limited").textValue();
            assertThat(gateway.check(limited).headers().firstValue("RateLimit"))
                    .contains("\"rate\";r=99;t=60, \"quota\";r=1");
            assertThat(gateway.check(limited).statusCode()).isEqualTo(200);
            assertThat(gateway.check(limited).statusCode()).isEqualTo(429);
            KeyAnswer shown = realm.keys().lookUp(limited).shown();
            assertThat(shown.at("/metadata/metadata/plan").textValue()).isEqualTo("pro");
            assertThat(shown.at("/metadata/permissions/files/0").textValue()).isEqualTo("read");
            assertThat(shown.hint()).isEqualTo(limited.substring(0, 6) + "…");
            assertThat(shown.userId()).isEqualTo(alice.id());
            assertThat(Duration.between(Instant.now(), shown.expiry()))
                    .isBetween(Duration.ofDays(30).minusMinutes(10), Duration.ofDays(30));
            assertThat(realm.keys()
                            .lookUp(keys.get("refilled").textValue())
                            .body()
                            .get("limits"))
                    .hasToString("{\"quota\":{\"remaining\":1,\"refillAmount\":5,\"refillIntervalSeconds\":86400}}");
            for (String other : List.of("refilled", "nameless", "twin")) {
                assertThat(gateway.check(keys.get(other).textValue()).statusCode())
                        .isEqualTo(200);
            }
            for (String other : List.of("disabled", "ofOrganization", "unhashed")) {
                assertThat(gateway.check(keys.get(other).textValue()).statusCode())
                        .isEqualTo(401);
            }
            assertThat(run(directory, RECIPE.block("bash", 0), url, schema).lines())
                    .filteredOn(line -> line.contains(" | ") && !line.contains("reason"))
                    .as("what cannot come along")
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).contains("deployment", "an organization", "belongs to no user"),
                            line -> assertThat(line).contains("plain", "is not stored as a hash"));

            assertThat(imported().lines())
                    .as("a second run changes nothing")
                    .hasSize(5)
                    .allSatisfy(line -> assertThat(line).contains("\"status\":409"));
        }

        /** What the recipe says was not taken over. */
        private String imported() throws IOException, InterruptedException {
            String script = Recipe.adapt(
                    RECIPE.block("bash", 1),
                    "https://keycloak.example.org",
                    KeycloakServer.running().url(),
                    "my-realm",
                    realm.name());
            return run(directory, script + RECIPE.block("bash", 2), url, schema).strip();
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

    /** Runs one of the recipe's commands on the tables of a schema, in a session far from UTC. */
    private static String run(Path directory, String script, String url, String schema)
            throws IOException, InterruptedException {
        Shell.Result result = bash(
                directory,
                script,
                Map.of(
                        "BETTER_AUTH_DATABASE_URL",
                        url,
                        "PGOPTIONS",
                        "-c search_path=" + schema,
                        "PGTZ",
                        "Pacific/Auckland",
                        "ADMIN_TOKEN",
                        RealmsAdministrator.token()));
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }

    private static Shell.Result bash(Path directory, String script, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder bash =
                new ProcessBuilder("bash", "-euo", "pipefail", "-c", script).directory(directory.toFile());
        bash.environment().putAll(environment);
        return Shell.run(bash);
    }
}
