package io.apikeys.keycloak.support;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A search of the server's log for secrets of keys, at the end of every run that has started the server, however few classes of tests
 * it has: {@code NoSecretLeaksIT}, which looks into the database as well, takes part in whole runs only. A find is an error of the run itself,
 * which Maven reports under the name of JUnit's engine, and which fails the build.
 */
public final class LogSearch implements BeforeAllCallback {

    /** Leaves the search to the store of the root, which JUnit closes when all classes have run. */
    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(Namespace.create(LogSearch.class))
                .computeIfAbsent(AtTheEnd.class, any -> new AtTheEnd(), AtTheEnd.class);
    }

    private static final class AtTheEnd implements AutoCloseable {

        @Override
        public void close() throws IOException {
            Optional<KeycloakServer> server = KeycloakServer.started();
            if (server.isPresent()) {
                requireNoSecretIn(server.get().log());
            }
        }
    }

    private static void requireNoSecretIn(String log) {
        if (log.isBlank()) {
            throw new AssertionError(
                    "The server has logged nothing, so nothing says whether secrets would be in its log.");
        }
        Set<String> leaked = Secrets.in(log);
        if (!leaked.isEmpty()) {
            throw new AssertionError("Secrets of keys are in the server's log: " + leaked);
        }
    }
}
