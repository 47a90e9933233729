package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.recipes.Recipe.Running;
import io.apikeys.keycloak.support.Gateway;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last part of docs/recipes/nginx.md, with the programs that it names. */
class BasicClientsIT {

    private static final String NGINX = "/usr/sbin/nginx";
    private static final String ADDRESS = "http://127.0.0.1:8083";

    private final Recipe recipe = Recipe.of("nginx");
    private TestRealm realm;
    private RawKey key;
    private String server;
    private Behind behind;
    private Running nginx;

    @TempDir
    private Path directory;

    private Path files;

    @BeforeEach
    void start() throws Exception {
        Recipe.require("nginx", NGINX);
        realm = TestRealm.create();
        key = realm.key(realm.user("alice"));
        files = Files.createDirectory(directory.resolve("files"));
        behind = Behind.serving(files);
        int port = Ports.free();
        server = "http://127.0.0.1:" + port;
        String site = Recipe.adapt(
                recipe.block("nginx", 3),
                "127.0.0.1:8083",
                "127.0.0.1:" + port,
                "https://keycloak.example.org",
                KeycloakServer.running().url(),
                "my-realm",
                realm.name(),
                "http://127.0.0.1:9000",
                behind.url());
        nginx = NginxIT.start(directory, URI.create(server + "/"), site);
    }

    @AfterEach
    void stop() {
        if (nginx != null) {
            nginx.close();
            behind.close();
        }
    }

    @Test
    void git() throws Exception {
        Recipe.requireCommand("git");
        bash(
                "git init -q work && git -C work -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m first"
                        + " && git clone -q --bare work files/reports.git && git -C files/reports.git update-server-info",
                key.raw());
        String head = bash("git -C work rev-parse HEAD", key.raw()).output().strip();

        assertThat(bash(program(0), key.raw()).output()).contains(head + "\tHEAD");
        assertThat(behind.header("X-User")).isEqualTo("alice");
        assertThat(behind.header("Authorization")).isNull();
        assertThat(bash("git ls-remote " + server.replace("//", "//" + key.raw() + ":@") + "/reports.git", "")
                        .output())
                .as("the key as the user name")
                .contains(head);
        assertThat(bash(program(0), "nonsense").exitCode()).isNotZero();
    }

    @Test
    void wget() throws Exception {
        Recipe.requireCommand("wget");
        Files.writeString(files.resolve("index.html"), "a report");

        assertThat(bash(program(1), "nonsense").exitCode()).isNotZero();
        Shell.Result fetched = bash(program(1), key.raw());

        assertThat(fetched.exitCode()).as(fetched.output()).isZero();
        assertThat(directory.resolve("index.html")).hasContent("a report");
    }

    @Test
    void maven() throws Exception {
        Recipe.requireCommand("mvn");
        String parent =
                "<modelVersion>4.0.0</modelVersion><groupId>org.example</groupId><artifactId>parent</artifactId>"
                        + "<version>1</version><packaging>pom</packaging>";
        Path folder = Files.createDirectories(files.resolve("org/example/parent/1"));
        Path pom = Files.writeString(folder.resolve("parent-1.pom"), "<project>" + parent + "</project>");
        Files.writeString(
                folder.resolve("parent-1.pom.sha1"),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(Files.readAllBytes(pom))));
        Files.writeString(
                directory.resolve("pom.xml"),
                "<project><modelVersion>4.0.0</modelVersion><parent><groupId>org.example</groupId><artifactId>parent</artifactId>"
                        + "<version>1</version><relativePath/></parent><artifactId>child</artifactId><packaging>pom</packaging>"
                        + "<repositories><repository><id>my-repository</id><url>" + server
                        + "</url></repository></repositories></project>");
        Files.writeString(directory.resolve("settings.xml"), recipe.block("xml", 0));

        Shell.Result built = bash("mvn -B -q -s settings.xml -Dmaven.repo.local=repository validate", key.raw());

        assertThat(built.exitCode()).as(built.output()).isZero();
        assertThat(directory.resolve("repository/org/example/parent/1/parent-1.pom"))
                .exists();
        assertThat(behind.header("X-User")).isEqualTo("alice");
    }

    /** Docker first asks without credentials, and gives up if it is asked for a token that it cannot fetch. */
    @Test
    void docker() throws IOException {
        Files.writeString(Files.createDirectories(files.resolve("v2")).resolve("index"), "{}");
        URI registry = URI.create(server + "/v2/index");

        HttpResponse<String> asked = new Http().send(Http.request(registry));
        assertThat(asked.statusCode()).isEqualTo(401);
        assertThat(asked.headers().allValues("WWW-Authenticate"))
                .singleElement()
                .asString()
                .startsWith("Basic realm=");

        assertThat(status(registry, "api-key", key.raw())).isEqualTo(200);
        assertThat(status(registry, key.raw(), "")).isEqualTo(200);
        assertThat(status(registry, "api-key", "nonsense")).isEqualTo(401);
        RawKey slow = realm.key(
                realm.user("bob"),
                Map.of("name", "slow", "limits", Map.of("rateLimit", Map.of("max", 1, "windowSeconds", 600))));
        assertThat(status(registry, "api-key", slow.raw())).isEqualTo(200);
        assertThat(status(registry, "api-key", slow.raw())).isEqualTo(429);
    }

    private static int status(URI address, String username, String password) {
        return new Http()
                .send(Http.request(address).header("Authorization", Gateway.basic(username, password)))
                .statusCode();
    }

    /** Returns one of the recipe's commands. */
    private String program(int index) throws IOException {
        // The first command of the page is for its first part.
        return Recipe.adapt(recipe.block("bash", index + 1), ADDRESS, server);
    }

    private Shell.Result bash(String script, String apiKey) throws IOException, InterruptedException {
        ProcessBuilder bash =
                new ProcessBuilder("bash", "-euo", "pipefail", "-c", script).directory(directory.toFile());
        bash.environment().put("API_KEY", apiKey);
        bash.environment().put("GIT_TERMINAL_PROMPT", "0");
        bash.environment().put("HOME", directory.toString());
        bash.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return Shell.run(bash);
    }
}
