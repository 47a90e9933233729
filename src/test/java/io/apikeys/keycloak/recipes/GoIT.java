package io.apikeys.keycloak.recipes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/recipes/go.md, with Go's standard library. */
class GoIT {

    private final Recipe recipe = Recipe.of("go");

    @TempDir
    private Path directory;

    @BeforeEach
    void goIsThere() throws IOException {
        if (Recipe.programsMayBeMissing()) {
            Recipe.requireCommand("go");
        }
        Files.writeString(directory.resolve("reports.go"), recipe.block("go", 0));
    }

    @Test
    void anApiAcceptsTheKeysOfUsersWithARole() throws Exception {
        api().acceptsKeysOfAccountants();
    }

    @Test
    void anApiAcceptsNothingWhileKeycloakCannotBeReached() throws Exception {
        api().acceptsNothingWithoutKeycloak();
    }

    private ReportsApi api() throws IOException {
        return new ReportsApi(directory, recipe.block("bash", 0), 3000);
    }
}
