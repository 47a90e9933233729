package io.apikeys.keycloak.recipes;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/recipes/express.md, with Express and Fastify. */
class ExpressIT {

    private static final Recipe RECIPE = Recipe.of("express");

    private static NodePackages packages;

    @BeforeAll
    static void installPackages() throws Exception {
        NodePackages.require();
        packages = NodePackages.install("express", RECIPE.block("bash", 0));
        String[] programs = {"authentication", "express", "fastify"};
        for (int i = 0; i < programs.length; i++) {
            Files.writeString(packages.directory().resolve(programs[i] + ".mjs"), RECIPE.block("js", i));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"express", "fastify"})
    void anApiAcceptsTheKeysOfUsersWithARole(String framework) throws Exception {
        api(framework).acceptsKeysOfAccountants();
    }

    @ParameterizedTest
    @ValueSource(strings = {"express", "fastify"})
    void anApiAcceptsNothingWhileKeycloakCannotBeReached(String framework) throws Exception {
        api(framework).acceptsNothingWithoutKeycloak();
    }

    private static ReportsApi api(String framework) throws IOException {
        String command = Recipe.adapt(RECIPE.block("bash", 1), "express.mjs", framework + ".mjs");
        return new ReportsApi(packages.directory(), command, 3000);
    }
}
