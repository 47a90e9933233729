package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.support.DatabaseServer;
import io.apikeys.keycloak.support.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fills Keycloak's database past Keycloak. */
final class Sql {

    private Sql() {}

    /** Runs statements, each in a transaction of its own. */
    static void run(DatabaseServer database, String statements) throws IOException, InterruptedException {
        Path file = Files.createTempFile("benchmark", ".sql");
        try {
            Files.writeString(file, statements);
            Shell.Result result = Shell.run(new ProcessBuilder(
                    "psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", file.toString(), database.postgresUrl("keycloak")));
            if (result.exitCode() != 0) {
                throw new IllegalStateException(result.output());
            }
        } finally {
            Files.delete(file);
        }
    }
}
