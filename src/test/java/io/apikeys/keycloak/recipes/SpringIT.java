package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.recipes.Recipe.Running;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/recipes/spring.md, with the program in examples/reports-api. */
class SpringIT {

    private static final String JAR = "examples/reports-api/target/reports-api.jar";

    private final Http http = new Http();

    @TempDir
    private Path directory;

    @Test
    void anApiTakesRawKeysWithConfigurationAlone() throws Exception {
        Recipe.require("reports-api (mvn -f examples/reports-api/pom.xml package)", JAR);
        TestRealm realm = TestRealm.create();
        RawKey key = realm.key(realm.user("alice"));
        realm.clients().resourceServer("reports-api");
        String configuration = Recipe.adapt(
                Recipe.of("spring").block("yaml", 0),
                "https://keycloak.example.org",
                KeycloakServer.running().url(),
                "my-realm",
                realm.name(),
                "client-secret: secret",
                "client-secret: " + RealmClients.SECRET);
        int port = Ports.free();
        Path file = Files.writeString(
                directory.resolve("application.yml"),
                configuration + "server:\n  address: 127.0.0.1\n  port: " + port + "\n");
        URI report = URI.create("http://127.0.0.1:" + port + "/report");

        try (Running api = Running.start(
                directory,
                report,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        JAR,
                        "--spring.config.location=" + file))) {
            HttpResponse<String> answer =
                    http.send(Http.request(report).header("Authorization", "Bearer " + key.raw()));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(Json.read(answer.body()).get("for").textValue()).isEqualTo("alice");
            assertThat(http.send(Http.request(report)).statusCode()).isEqualTo(401);
            realm.keys().delete(key.id());
            assertThat(http.send(Http.request(report).header("Authorization", "Bearer " + key.raw()))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(api.process().isAlive()).isTrue();
        }
    }
}
