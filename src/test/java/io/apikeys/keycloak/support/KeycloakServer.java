package io.apikeys.keycloak.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A real Keycloak with this extension in it; one for all tests of a run. {@code -Dkeycloak.runtime} says which kind:
 * {@code distribution} (a process), {@code production} (a process as production runs it, on PostgreSQL) or {@code container}
 * (testcontainers-keycloak).
 */
public interface KeycloakServer {

    String ADMIN = "admin";
    String ADMIN_PASSWORD = UUID.randomUUID().toString();

    /** Everything that this extension can log, and Keycloak's events. */
    String LOG_LEVEL = System.getProperty("keycloak.log-level", "INFO,io.apikeys:TRACE,org.keycloak.events:DEBUG");

    /** How often the server writes uses of keys, and looks for keys that expire: more often than elsewhere. */
    int WRITE_SECONDS = 2;

    int UPKEEP_SECONDS = 3;

    /** How long a key is kept that a page has shown, but that nobody has confirmed or used. */
    int UNCONFIRMED_SECONDS = 60;

    /** How long the server does not ask a user storage again about the holder of a key. */
    int USER_STORAGE_SECONDS = 4;

    /**
     * An address of this machine whose requests may say, in {@code X-Forwarded-For}, where they come from: that of a proxy. Requests from
     * other addresses, which all tests send but those about proxies, are taken to come from there.
     */
    String TRUSTED_PROXY = "127.0.0.2";

    static KeycloakServer running() {
        return Holder.SERVER;
    }

    /** Returns the server of this run, if a test has asked for it. */
    static Optional<KeycloakServer> started() {
        return Optional.ofNullable(Started.server);
    }

    /** The base URL, without a slash at the end. */
    String url();

    /** Where the server tells its metrics, without a slash at the end. */
    String managementUrl();

    /** All metrics, in the form that Prometheus reads. */
    default String metrics() {
        return new Http()
                .send(Http.request(URI.create(managementUrl() + "/metrics")))
                .body();
    }

    /** The sum of a metric over all of its labels. */
    default double metric(String name) {
        String metrics = metrics();
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .reduce(Double::sum)
                .orElseThrow(() -> new AssertionError("There is no metric " + name + ":\n" + metrics));
    }

    /** What the server has logged so far. */
    String log() throws IOException;

    /** The bytes of the embedded database's files, as they are now. */
    byte[] database() throws IOException;

    /** The database of the server's own, if it is not the embedded one. */
    default Optional<DatabaseServer> databaseServer() {
        return Optional.empty();
    }

    /** Runs a command where Keycloak's own scripts are on the path. */
    Shell.Result execute(List<String> command) throws IOException, InterruptedException;

    /** The address of the server for commands that are executed. */
    String urlForCommands();

    /** Where a server of a test's own listens for Keycloak to reach it, and nobody beyond this machine. */
    InetAddress reachableAddress() throws IOException;

    /** Where commands that are executed find one of the project's files. */
    String pathForCommands(Path file);

    /** Runs one of the project's scripts that use {@code kcadm.sh}, as an administrator of the whole server. */
    default Shell.Result kcadm(Path script, String... arguments) throws IOException, InterruptedException {
        Shell.Result logIn = execute(List.of(
                "kcadm.sh",
                "config",
                "credentials",
                "--server",
                urlForCommands(),
                "--realm",
                "master",
                "--user",
                ADMIN,
                "--password",
                ADMIN_PASSWORD));
        if (logIn.exitCode() != 0) {
            throw new AssertionError(logIn.output());
        }
        List<String> command = new ArrayList<>(List.of("bash", pathForCommands(script)));
        command.addAll(List.of(arguments));
        return execute(command);
    }

    default URI uri(String path) {
        return URI.create(url() + path);
    }

    static String required(String property) {
        String value = System.getProperty(property);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException("System property " + property + " is missing; run the tests with Maven.");
        }
        return value;
    }

    /** Starts the server when the first test asks for it. */
    final class Holder {

        private static final KeycloakServer SERVER = start();

        private Holder() {}

        private static KeycloakServer start() {
            String runtime = required("keycloak.runtime");
            Started.server = switch (runtime) {
                case "distribution" -> DistributionServer.start();
                case "production" -> DistributionServer.startInProductionMode();
                case "container" -> ContainerServer.start();
                default ->
                    throw new IllegalArgumentException(
                            "keycloak.runtime is none of distribution, production and container: " + runtime);
            };
            return Started.server;
        }
    }

    /** Apart from {@link Holder}, so that to ask whether there is a server does not start one. */
    final class Started {

        private static volatile KeycloakServer server;

        private Started() {}
    }
}
