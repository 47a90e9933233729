package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.recipes.Recipe.Running;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.Secrets;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An API of a recipe: it has a report for the holder of each key that has role accountant, and says for whom it is.
 *
 * @param directory where the program is
 * @param start the recipe's command that starts it
 * @param port where it listens, as the command says
 */
record ReportsApi(Path directory, String start, int port) {

    private static final String CLIENT = "reports-api";

    /** Fails unless the API answers the holder of a good key, and nobody else. */
    void acceptsKeysOfAccountants() throws Exception {
        TestRealm realm = TestRealm.create();
        realm.clients().resourceServer(CLIENT);
        User alice = realm.user("alice");
        realm.users().giveRole(alice, "accountant");
        RawKey key = realm.key(alice);
        RawKey lacksRole = realm.key(realm.user("bob"));
        realm.clients().addToAudience(CLIENT);
        String token =
                realm.app().passwordGrant(alice.username(), TestRealm.PASSWORD).access();
        Instance api = start(realm, KeycloakServer.running().url());
        try (Running running = api.running) {
            for (String header : List.of("X-API-Key: " + key.raw(), "Authorization: Bearer " + key.raw())) {
                HttpResponse<String> answer = api.get(header);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(Json.read(answer.body()).get("for").textValue()).isEqualTo("alice");
            }
            assertThat(api.get("X-API-Key: " + lacksRole.raw()).statusCode()).isEqualTo(403);
            for (String header : List.of(
                    "Accept: */*",
                    "X-API-Key: nonsense",
                    "Authorization: Bearer nonsense",
                    "Authorization: Bearer " + token)) {
                api.refuses(header);
            }

            realm.keys().delete(key.id());

            api.refuses("X-API-Key: " + key.raw());
            api.refuses("Authorization: Bearer " + key.raw());
            assertThat(running.process().isAlive()).isTrue();
            assertThat(Secrets.in(Files.readString(running.log())))
                    .as("keys in its log")
                    .isEmpty();
        }
    }

    /** Fails unless the API accepts nothing while nobody answers for Keycloak, says so, and logs no key. */
    void acceptsNothingWithoutKeycloak() throws Exception {
        TestRealm realm = TestRealm.create();
        RawKey key = realm.keyOfSomebody();
        Instance api = start(realm, "http://127.0.0.1:" + Ports.free());
        try (Running running = api.running) {
            HttpRequest request = api.request("X-API-Key: " + key.raw()).build();
            HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(Files.readString(running.log())).contains("Keycloak does not answer");
            assertThat(Secrets.in(Files.readString(running.log()) + answer.body()))
                    .isEmpty();
        }
    }

    private Instance start(TestRealm realm, String keycloak) throws IOException, InterruptedException {
        int free = Ports.free();
        String command = Recipe.adapt(
                start,
                // First, because the others may hold its digits.
                "" + port,
                "" + free,
                "https://keycloak.example.org",
                keycloak,
                "my-realm",
                realm.name(),
                "CLIENT_SECRET=secret",
                "CLIENT_SECRET='" + RealmClients.SECRET + "'");
        Running running = Running.listening(
                directory, free, List.of("bash", "-c", "cd '" + directory.toAbsolutePath() + "'\n" + command));
        return new Instance(running, URI.create("http://127.0.0.1:" + free + "/report"));
    }

    private record Instance(Running running, URI report) {

        /** Sends a request with one header, written as in HTTP. */
        HttpResponse<String> get(String header) {
            return new Http().send(request(header));
        }

        HttpRequest.Builder request(String header) {
            int colon = header.indexOf(": ");
            return Http.request(report).header(header.substring(0, colon), header.substring(colon + 2));
        }

        void refuses(String header) {
            HttpResponse<String> answer = get(header);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .startsWithIgnoringCase("Bearer");
        }
    }
}
