package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.recipes.Recipe.Running;
import io.apikeys.keycloak.support.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The application in {@code examples/nextjs-dashboard}, built in a copy.
 *
 * @param directory the copy
 */
record NextJsApplication(Path directory) {

    static final Path SOURCE = Path.of("examples", "nextjs-dashboard");

    /** Copies the application and builds it. Packages that an earlier run has installed are used again. */
    static NextJsApplication build() throws IOException, InterruptedException {
        Path copy = Path.of("target", "nextjs-dashboard");
        copySources(copy);
        NextJsApplication application = new NextJsApplication(copy);
        application.npm("install", "--no-package-lock", "--no-audit", "--no-fund", "--no-update-notifier");
        application.npm("run", "build");
        return application;
    }

    /** Saves settings where the application looks for them. */
    void configure(Map<String, String> settings) throws IOException {
        Files.writeString(
                directory.resolve(".env.local"),
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                        .collect(Collectors.joining()));
    }

    /** Starts the application on a port; these settings replace those that are saved. */
    Running start(int port, String... settings) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of(settings));
        command.addAll(List.of(
                "node",
                directory.resolve("node_modules/next/dist/bin/next").toString(),
                "start",
                directory.toString(),
                "--hostname=127.0.0.1",
                "--port=" + port));
        Path logs = Files.createDirectories(directory.resolveSibling("nextjs-dashboard-" + port));
        return Running.listening(logs, port, command);
    }

    private void npm(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("npm"));
        command.addAll(List.of(arguments));
        ProcessBuilder npm = new ProcessBuilder(command).directory(directory.toFile());
        npm.environment().put("NEXT_TELEMETRY_DISABLED", "1");
        long start = System.nanoTime();
        Shell.Result result = Shell.run(npm);
        assertThat(result.exitCode()).as(result.output()).isZero();
        System.err.printf("%s took %.0f s%n", String.join(" ", command), (System.nanoTime() - start) / 1e9);
    }

    private static void copySources(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCE)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(NextJsApplication::isSource)
                    .toList()) {
                Path target = copy.resolve(SOURCE.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static boolean isSource(Path file) {
        Path first = SOURCE.relativize(file).getName(0);
        return Stream.of("node_modules", ".next", ".env.local").noneMatch(first::endsWith);
    }
}
