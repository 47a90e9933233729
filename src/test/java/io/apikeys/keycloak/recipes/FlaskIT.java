package io.apikeys.keycloak.recipes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/recipes/flask.md, with Debian's Flask and Authlib. */
class FlaskIT {

    private static final String PYTHON = "/usr/bin/python3";
    private static final String MODULES = "/usr/lib/python3/dist-packages/";

    private final Recipe recipe = Recipe.of("flask");

    @TempDir
    private Path directory;

    @BeforeEach
    void flaskIsThere() throws IOException {
        if (Recipe.programsMayBeMissing()) {
            Recipe.require("Flask or Authlib", PYTHON, MODULES + "flask", MODULES + "authlib", MODULES + "requests");
        }
        Files.writeString(directory.resolve("reports.py"), recipe.block("python", 0));
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
        return new ReportsApi(directory, Recipe.adapt(recipe.block("bash", 0), "python3", PYTHON), 5000);
    }
}
