package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Claims;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.Secrets;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** docs/recipes/ci.md: the commands of its jobs, with bash and the variables that GitHub and GitLab set. */
class CiIT {

    private final Recipe recipe = Recipe.of("ci");
    private final TestRealm realm = TestRealm.create();
    private User alice;
    private RawKey key;

    @TempDir
    private Path directory;

    @BeforeEach
    void aKeyIsThere() throws IOException {
        if (Recipe.programsMayBeMissing()) {
            Recipe.require("curl or jq", "/usr/bin/curl", "/usr/bin/jq");
        }
        realm.clients().exchanger("ci");
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true"));
        alice = realm.user("alice");
        key = realm.key(alice, Map.of("name", "ci", "expiresIn", 864_000));
        Files.createDirectory(directory.resolve("ci"));
        Files.writeString(directory.resolve("ci/token.sh"), recipe.block("bash", 0));
        Files.writeString(directory.resolve("ci/rotate.sh"), recipe.block("bash", 1));
    }

    @Test
    void aJobOfGitHubMasksWhatItGetsAndRotatesItsKey() throws Exception {
        JsonNode job = job(0).at("/jobs/report");
        Path variables = Files.createFile(directory.resolve("variables"));
        Map<String, String> set = new HashMap<>(Map.of(
                "GITHUB_ENV", variables.toString(), "RUNNER_TEMP", directory.toString(), "KEYCLOAK_ISSUER", issuer()));

        List<String> got = runStep(job, "Get a token", set).lines().toList();
        String token = valueIn(variables, "TOKEN");
        assertThat(got).as("nothing but the mask").containsExactly("::add-mask::" + token);
        assertThat(Claims.of(token).authorizedParty()).isEqualTo("ci");

        set.put("TOKEN", token);
        String used = runStep(job, "Use the token", set);
        assertThat(used).contains("\"sub\":\"" + alice.id() + "\"").doesNotContain(token);

        Path file = directory.resolve("new-key.txt");
        List<String> rotated = runStep(job, "Rotate the key", set).lines().toList();
        assertThat(rotated).containsExactly("::add-mask::" + newKeyIn(file));
    }

    @Test
    void aJobOfGitLabPrintsNeitherTokenNorKeyAndRotatesItsKey() throws Exception {
        JsonNode job = job(1).at("/report");
        assertThat(job.at("/variables/KEYCLOAK_ISSUER").stringValue())
                .isEqualTo("https://keycloak.example.org/realms/my-realm");
        List<String> script = StreamSupport.stream(job.get("script").spliterator(), false)
                .map(JsonNode::stringValue)
                .toList();
        assertThat(script).hasSize(3);
        // The last one stores the new key at GitLab.
        String run = String.join("\n", script.subList(0, 2));

        Shell.Result result = bash(
                run,
                Map.of(
                        "KEYCLOAK_ISSUER",
                        issuer(),
                        "API_KEY",
                        key.raw(),
                        "KEYCLOAK_CLIENT_SECRET",
                        RealmClients.SECRET));

        assertThat(result.exitCode()).as(result.output()).isZero();
        newKeyIn(directory.resolve("new-key.txt"));
        assertThat(result.output()).contains("\"sub\":\"" + alice.id() + "\"").doesNotContain("eyJ");
        assertThat(Secrets.in(result.output())).isEmpty();
    }

    @Test
    void aJobWhoseKeyHasEndedStopsAndSaysWhy() throws Exception {
        realm.keys().delete(key.id());
        JsonNode job = job(0).at("/jobs/report");
        Path variables = Files.createFile(directory.resolve("variables"));
        Map<String, String> set = Map.of(
                "GITHUB_ENV", variables.toString(), "RUNNER_TEMP", directory.toString(), "KEYCLOAK_ISSUER", issuer());

        Shell.Result withoutToken = bash(step(job, "Get a token"), environment(job, "Get a token", set));
        Shell.Result notRotated = bash(step(job, "Rotate the key"), environment(job, "Rotate the key", set));

        assertThat(withoutToken.exitCode()).isNotZero();
        assertThat(withoutToken.output())
                .contains("No token: {\"error\":\"invalid_grant\"")
                .doesNotContain("::");
        assertThat(variables).isEmptyFile();
        assertThat(notRotated.exitCode()).isNotZero();
        assertThat(notRotated.output()).contains("Not rotated: {").doesNotContain("::");
        assertThat(Secrets.in(withoutToken.output() + notRotated.output())).isEmpty();
    }

    /** Fails unless a file that nobody else can read holds a new key, and the old key is in its grace. */
    private String newKeyIn(Path file) throws IOException {
        String raw = Files.readString(file);
        Secrets.register(raw);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(raw).isNotEqualTo(key.raw());
        assertThat(realm.gateway().check(raw).statusCode()).isEqualTo(200);
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200);
        return raw;
    }

    private JsonNode job(int block) throws IOException {
        return new YAMLMapper().readTree(recipe.block("yaml", block));
    }

    private String runStep(JsonNode job, String name, Map<String, String> variables)
            throws IOException, InterruptedException {
        Shell.Result result = bash(step(job, name), environment(job, name, variables));
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }

    private static String step(JsonNode job, String name) {
        return named(job, name).get("run").stringValue();
    }

    /** Returns the variables of a step, with the secrets that it names. */
    private Map<String, String> environment(JsonNode job, String name, Map<String, String> variables) {
        Map<String, String> secrets = Map.of(
                "${{ secrets.API_KEY }}", key.raw(), "${{ secrets.KEYCLOAK_CLIENT_SECRET }}", RealmClients.SECRET);
        Map<String, String> all = new HashMap<>(variables);
        named(job, name).path("env").properties().forEach(variable -> {
            String secret = secrets.get(variable.getValue().stringValue());
            assertThat(secret).as(variable.getKey()).isNotNull();
            all.put(variable.getKey(), secret);
        });
        return all;
    }

    private static JsonNode named(JsonNode job, String step) {
        return StreamSupport.stream(job.get("steps").spliterator(), false)
                .filter(each -> each.path("name").asString("").equals(step))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The recipe has no step " + step));
    }

    private static String valueIn(Path variables, String name) throws IOException {
        return Files.readAllLines(variables).stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .collect(Collectors.joining());
    }

    private Shell.Result bash(String script, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder bash = new ProcessBuilder("bash", "-e", "-c", script).directory(directory.toFile());
        bash.environment().putAll(environment);
        return Shell.run(bash);
    }

    private String issuer() {
        return KeycloakServer.running().url() + "/realms/" + realm.name();
    }
}
