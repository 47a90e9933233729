package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.recipes.Recipe.Running;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.TestRealm;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/recipes/haproxy.md, with HAProxy. */
class HaproxyIT {

    private static final String PROGRAM = "/usr/sbin/haproxy";

    private final Recipe recipe = Recipe.of("haproxy");
    private final TestRealm realm = TestRealm.create();
    private final int port = Ports.free();
    private final URI address = URI.create("http://127.0.0.1:" + port + "/");

    @TempDir
    private Path directory;

    @BeforeEach
    void haproxyIsThere() {
        Recipe.require("HAProxy", PROGRAM);
    }

    @Test
    void aRequestWithAKeyIsLetThroughWithTheNameOfItsHolder() throws Exception {
        try (Behind behind = Behind.start();
                Running haproxy = start(behind, KeycloakServer.running().url(), script -> script)) {
            new CheckedBy(haproxy, address, realm, behind).lets();
        }
    }

    @Test
    void nothingComesThroughWithoutKeycloakOrAfterAnErrorOfTheScript() throws Exception {
        try (Behind behind = Behind.start()) {
            try (Running haproxy = start(behind, "http://127.0.0.1:" + Ports.free(), script -> script)) {
                assertThat(status(haproxy)).isEqualTo(503);
            }
            try (Running haproxy = start(
                    behind,
                    KeycloakServer.running().url(),
                    script -> Recipe.adapt(script, "if answer.status == 200", "if answer.nothing.status"))) {
                assertThat(status(haproxy)).isEqualTo(503);
            }
            assertThat(behind.header("Host")).as("nothing has come through").isNull();
        }
    }

    /** Without {@link Http}, which fails over errors of a server. */
    private int status(Running haproxy) throws Exception {
        assertThat(haproxy.process().isAlive()).isTrue();
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address)
                                .header("X-API-Key", "kck_x")
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private interface Edit {
        String of(String script);
    }

    private Running start(Behind behind, String keycloak, Edit edit) throws Exception {
        Path script = Files.writeString(
                directory.resolve("api-key.lua"),
                edit.of(Recipe.adapt(
                        recipe.block("lua", 0), "https://keycloak.example.org", keycloak, "my-realm", realm.name())));
        Path configuration = Files.writeString(
                directory.resolve("haproxy.cfg"),
                Recipe.adapt(
                        recipe.block("haproxy", 0),
                        "/etc/haproxy/api-key.lua",
                        script.toString(),
                        "127.0.0.1:8081",
                        "127.0.0.1:" + port,
                        "127.0.0.1:9000",
                        URI.create(behind.url()).getAuthority()));
        // It answers 503 while Keycloak is away, which the start must not take for a failure.
        return Running.listening(directory, port, List.of(PROGRAM, "-db", "-f", configuration.toString()));
    }
}
