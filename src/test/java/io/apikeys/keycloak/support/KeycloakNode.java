package io.apikeys.keycloak.support;

import io.apikeys.keycloak.key.ApiKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One of several Keycloaks on one database, which know each other as a cluster does; for tests that kill things. Must be
 * closed.
 */
public final class KeycloakNode implements AutoCloseable {

    /** What {@link #check} answers when there is no answer. */
    public static final int NONE = 0;

    private static final String REALM = "cluster";

    private final KeycloakProcess keycloak;
    private final String url;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private KeycloakNode(KeycloakProcess keycloak, String url) {
        this.keycloak = keycloak;
        this.url = url;
    }

    /**
     * Starts one.
     *
     * @param name of its folder
     * @param realm to import; null for none
     */
    public static KeycloakNode start(String name, DatabaseServer database, String realm)
            throws IOException, InterruptedException {
        Path home = Path.of(KeycloakServer.required("keycloak.home"));
        Path own = home.resolveSibling(name);
        Shell.Result copied = Shell.run(
                new ProcessBuilder("bash", "-c", "rm -rf '" + own + "' && cp -r '" + home + "' '" + own + "'"));
        if (copied.exitCode() != 0) {
            throw new IllegalStateException(copied.output());
        }
        int port = Ports.free();
        List<String> options = new ArrayList<>(database.options());
        options.addAll(List.of(
                "--cache=ispn",
                "--cache-embedded-network-bind-address=127.0.0.1",
                "--http-management-host=127.0.0.1",
                "--http-management-port=" + Ports.free(),
                "--spi-api-key-usage--default--write-seconds=" + KeycloakServer.WRITE_SECONDS));
        KeycloakProcess keycloak = KeycloakProcess.start(
                own,
                Path.of(KeycloakServer.required("keycloak.extension.jar")),
                port,
                home.resolveSibling(name + ".log"),
                KeycloakServer.ADMIN_PASSWORD,
                realm,
                options.toArray(String[]::new));
        KeycloakNode node = new KeycloakNode(keycloak, "http://127.0.0.1:" + port);
        Runtime.getRuntime().addShutdownHook(new Thread(node::close));
        keycloak.awaitReady(URI.create(node.url + "/realms/" + REALM), Duration.ofMinutes(4));
        return node;
    }

    /**
     * A realm to import with one user who holds some keys.
     *
     * @param limits what stands in a key's credential data beside the rest; empty for nothing
     */
    public static String realm(String holderId, List<ApiKey> keys, Function<ApiKey, String> limits) {
        List<Object> credentials = keys.stream()
                .<Object>map(key -> Map.of(
                        "type",
                        "api-key",
                        "userLabel",
                        key.hint(),
                        "createdDate",
                        0,
                        "secretData",
                        "{\"algorithm\":\"SHA-256\",\"hash\":\"" + key.hash().hash() + "\"}",
                        "credentialData",
                        List.of("\"hint\":\"" + key.hint() + "\"", "\"enabled\":true", limits.apply(key)).stream()
                                .filter(part -> !part.isEmpty())
                                .collect(Collectors.joining(",", "{", "}"))))
                .toList();
        return Json.write(Map.of(
                "realm",
                REALM,
                "enabled",
                true,
                "sslRequired",
                "none",
                "eventsListeners",
                List.of(),
                "requiredActions",
                List.of(Map.of(
                        "alias", "CREATE_API_KEY",
                        "providerId", "CREATE_API_KEY",
                        "name", "Create API key",
                        "enabled", true)),
                "users",
                List.of(Map.of("id", holderId, "username", "alice", "enabled", true, "credentials", credentials))));
    }

    /** What the gateway check of this node answers; {@link #NONE} if nothing. */
    public int check(ApiKey key) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/realms/" + REALM + "/api-keys/auth"))
                .header("X-API-Key", key.reveal())
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException goneOrSlow) {
            return NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NONE;
        }
    }

    /** Ends it without letting it know. */
    public void kill() {
        List<ProcessHandle> all =
                new ArrayList<>(keycloak.process().descendants().toList());
        all.add(keycloak.process().toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
    }

    @Override
    public void close() {
        if (keycloak.process().isAlive()) {
            keycloak.stop();
        }
    }
}
