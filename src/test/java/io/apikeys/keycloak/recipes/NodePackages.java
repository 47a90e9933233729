package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The npm packages of a recipe. What an earlier run has installed is used again.
 *
 * @param directory where programs find the packages
 */
record NodePackages(Path directory) {

    /** Skips the test, with a message, where npm is missing and may be. */
    static void require() {
        if (Recipe.programsMayBeMissing()) {
            Recipe.requireCommand("npm");
        }
    }

    /** Runs a recipe's command that installs packages. */
    static NodePackages install(String recipe, String command) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(Path.of("target", "recipes", recipe));
        // Without it, npm would look for a project in the folders above.
        Files.writeString(directory.resolve("package.json"), "{\"private\":true}");
        ProcessBuilder npm = new ProcessBuilder("bash", "-c", command).directory(directory.toFile());
        for (String off : new String[] {"package_lock", "audit", "fund", "update_notifier"}) {
            npm.environment().put("npm_config_" + off, "false");
        }
        Shell.Result result = Shell.run(npm);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return new NodePackages(directory);
    }
}
