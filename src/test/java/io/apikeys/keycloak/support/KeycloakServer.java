package io.apikeys.keycloak.support;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A real Keycloak with this extension in it; one for all tests of a run. {@code -Dkeycloak.runtime} says which kind:
 * {@code distribution} (a process) or {@code container} (testcontainers-keycloak).
 */
public interface KeycloakServer {

    String ADMIN = "admin";
    String ADMIN_PASSWORD = UUID.randomUUID().toString();

    /** Everything that this extension can log, and Keycloak's events. */
    String LOG_LEVEL = "INFO,io.apikeys:TRACE,org.keycloak.events:DEBUG";

    static KeycloakServer running() {
        return Holder.SERVER;
    }

    /** The base URL, without a slash at the end. */
    String url();

    /** What the server has logged so far. */
    String log() throws IOException;

    /** The bytes of the embedded database's files, as they are now. */
    byte[] database() throws IOException;

    /** Runs one of the project's scripts where {@code kcadm.sh} is. */
    Shell.Result run(Path script, String... arguments) throws IOException, InterruptedException;

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
            return switch (runtime) {
                case "distribution" -> DistributionServer.start();
                case "container" -> ContainerServer.start();
                default ->
                    throw new IllegalArgumentException(
                            "keycloak.runtime is neither distribution nor container: " + runtime);
            };
        }
    }
}
