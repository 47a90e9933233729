package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.recipes.Recipe.Running;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.Secrets;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/recipes/mcp.md, with its server and its client. */
class McpIT {

    private static final Recipe RECIPE = Recipe.of("mcp");

    private static Path directory;
    private static TestRealm realm;
    private static int port;
    private static Running server;

    @BeforeAll
    static void start() throws Exception {
        NodePackages.require();
        directory = NodePackages.install("mcp", RECIPE.block("bash", 0)).directory();
        realm = TestRealm.create();
        realm.clients().resourceServer("reports-mcp");
        port = Ports.free();
        Files.writeString(directory.resolve("server.mjs"), RECIPE.block("js", 0));
        Files.writeString(directory.resolve("client.mjs"), Recipe.adapt(RECIPE.block("js", 1), "3000", "" + port));
        String command = Recipe.adapt(
                RECIPE.block("bash", 1),
                "3000",
                "" + port,
                "https://keycloak.example.org",
                KeycloakServer.running().url(),
                "my-realm",
                realm.name(),
                "CLIENT_SECRET=secret",
                "CLIENT_SECRET='" + RealmClients.SECRET + "'");
        server = Running.listening(
                directory, port, List.of("bash", "-c", "cd '" + directory.toAbsolutePath() + "'\n" + command));
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
            assertThat(Secrets.in(Files.readString(server.log())))
                    .as("keys in its log")
                    .isEmpty();
        }
    }

    @Test
    void aToolIsCalledInTheNameOfTheHolder() throws Exception {
        User alice = realm.user("alice");
        realm.users().giveRole(alice, "accountant");
        RawKey endless = realm.key(alice);
        RawKey ending = realm.key(alice, Map.of("name", "ending", "expiresIn", 3600));

        for (RawKey key : List.of(endless, ending)) {
            Shell.Result called = call(key);
            assertThat(called.exitCode()).as(called.output()).isZero();
            assertThat(called.output().strip()).isEqualTo("Report for alice");
        }
    }

    @Test
    void aToolAsksForARole() throws Exception {
        assertThat(call(realm.key(realm.user("bob"))).output().strip()).isEqualTo("Reports are for role accountant.");
    }

    @Test
    void aRequestWithoutAGoodKeyIsChallenged() throws Exception {
        RawKey revoked = realm.key(realm.user("carol"));
        realm.keys().delete(revoked.id());
        User dave = realm.user("dave");
        realm.clients().addToAudience("reports-mcp");
        String token =
                realm.app().passwordGrant(dave.username(), TestRealm.PASSWORD).access();

        Shell.Result called = call(revoked);
        assertThat(called.exitCode()).isNotZero();
        assertThat(called.output()).contains("code: 401");
        assertChallenged(request());
        for (String refused : List.of("nonsense", revoked.raw(), token)) {
            assertChallenged(request().header("Authorization", "Bearer " + refused));
        }
    }

    private static Shell.Result call(RawKey key) throws IOException, InterruptedException {
        ProcessBuilder client = new ProcessBuilder("node", "client.mjs").directory(directory.toFile());
        client.environment().put("API_KEY", key.raw());
        return Shell.run(client);
    }

    private static HttpRequest.Builder request() {
        return Http.request(URI.create("http://127.0.0.1:" + port + "/mcp"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}"));
    }

    private static void assertChallenged(HttpRequest.Builder request) {
        HttpResponse<String> answer = new Http().send(request);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer error=\"invalid_token\"");
    }
}
