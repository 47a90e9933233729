package io.apikeys.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.KeycloakNode;
import io.apikeys.keycloak.support.KeycloakProcess;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.Shell;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A realm moves from one server to another with {@code kc.sh export} and {@code kc.sh import}. */
@EnabledIfSystemProperty(
        named = "keycloak.runtime",
        matches = "distribution",
        disabledReason = "Stops a server of its own, which only a distribution can be.")
class RealmMoveIT {

    private static final String REALM = "cluster";

    private final Path home = Path.of(KeycloakServer.required("keycloak.home")).resolveSibling("moved");
    private final Path jar = Path.of(KeycloakServer.required("keycloak.extension.jar"));
    private final String alice = UUID.randomUUID().toString();
    private final ApiKey plain = ApiKey.generate("kck", alice, new SecureRandom());
    private final ApiKey limited = ApiKey.generate("kck", alice, new SecureRandom());

    /** Of a user id that nobody has, so that it is found by its hash like a key of another system. */
    private final ApiKey foreign = ApiKey.generate("kck", UUID.randomUUID().toString(), new SecureRandom());

    @Test
    void everyKeyWorksAsBeforeAndAQuotaIsNotFullAgain() throws Exception {
        copyDistribution();
        String realm = KeycloakNode.realm(
                alice,
                List.of(plain, foreign, limited),
                key -> key == limited
                        ? "\"limits\":{\"quota\":{\"remaining\":3},\"since\":7,\"line\":\"" + UUID.randomUUID() + "\"}"
                        : "");
        whileRunning(realm, url -> {
            assertThat(checks(url, plain, foreign, limited, limited)).containsExactly(200, 200, 200, 200);
        });
        Path file = home.resolve("data").resolve("exported.json");
        kc("export", "--realm", REALM, "--file", file.toString());
        JsonNode exported = Json.read(Files.readString(file));
        Path moved = home.resolveSibling("moved.json");
        Files.move(file, moved, StandardCopyOption.REPLACE_EXISTING);

        assertThat(exported.at("/users/0/credentials").findValuesAsText("credentialData"))
                .filteredOn(data -> data.contains("limits"))
                .singleElement()
                .satisfies(data -> assertThat(
                                Json.read(data).at("/limits/quota/remaining").intValue())
                        .isEqualTo(1));

        Shell.run(new ProcessBuilder("rm", "-rf", home.resolve("data").toString()));
        kc("import", "--file", moved.toString());
        whileRunning(null, url -> {
            assertThat(checks(url, plain, foreign, limited, limited)).containsExactly(200, 200, 200, 429);
        });
    }

    private interface Use {
        void of(String url) throws Exception;
    }

    private void copyDistribution() throws Exception {
        Path original = Path.of(KeycloakServer.required("keycloak.home"));
        Shell.Result copied = Shell.run(
                new ProcessBuilder("bash", "-c", "rm -rf '" + home + "' && cp -r '" + original + "' '" + home + "'"));
        assertThat(copied.exitCode()).as(copied.output()).isZero();
    }

    private void whileRunning(String realm, Use use) throws Exception {
        int port = Ports.free();
        KeycloakProcess keycloak = realm == null
                ? KeycloakProcess.restart(
                        home,
                        port,
                        home.resolveSibling("moved.log"),
                        KeycloakServer.ADMIN_PASSWORD,
                        managementOptions())
                : KeycloakProcess.start(
                        home,
                        jar,
                        port,
                        home.resolveSibling("moved.log"),
                        KeycloakServer.ADMIN_PASSWORD,
                        realm,
                        managementOptions());
        try {
            String url = "http://127.0.0.1:" + port;
            keycloak.awaitReady(URI.create(url + "/realms/" + REALM), Duration.ofMinutes(10));
            use.of(url);
        } finally {
            keycloak.stop();
        }
    }

    private static String[] managementOptions() {
        return new String[] {"--http-management-host=127.0.0.1", "--http-management-port=" + Ports.free()};
    }

    private void kc(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/kc.sh").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Shell.Result result = Shell.run(builder);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    private static List<Integer> checks(String url, ApiKey... keys) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<Integer> answers = new ArrayList<>();
        for (ApiKey key : keys) {
            answers.add(client.send(
                            HttpRequest.newBuilder(URI.create(url + "/realms/" + REALM + "/api-keys/auth"))
                                    .header("X-API-Key", key.reveal())
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode());
        }
        return answers;
    }
}
