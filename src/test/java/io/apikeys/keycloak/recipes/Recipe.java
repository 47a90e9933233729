package io.apikeys.keycloak.recipes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.apikeys.keycloak.support.KeycloakProcess;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of {@code docs/recipes}, whose blocks of code are what a test runs. */
record Recipe(Path page) {

    static Recipe of(String name) {
        return new Recipe(Path.of("docs", "recipes", name + ".md"));
    }

    /**
     * One of its blocks of code.
     *
     * @param language what stands behind the fence
     * @param index from 0
     */
    String block(String language, int index) throws IOException {
        return blocks(language).stream()
                .skip(index)
                .findFirst()
                .orElseThrow(() -> new AssertionError(page + " has no such block"));
    }

    /** All of its blocks of code in a language. */
    List<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(page))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** Puts this test's names in place of a recipe's; each has to be there. */
    static String adapt(String text, String... pairs) {
        String adapted = text;
        for (int i = 0; i < pairs.length; i += 2) {
            if (!adapted.contains(pairs[i])) {
                throw new AssertionError("The recipe does not hold " + pairs[i]);
            }
            adapted = adapted.replace(pairs[i], pairs[i + 1]);
        }
        return adapted;
    }

    /** Skips the test, with a message, on a machine that lacks one of these files. */
    static void require(String what, String... files) {
        boolean there = Stream.of(files).allMatch(file -> Files.exists(Path.of(file)));
        if (!there) {
            System.err.println("Skipped: " + what + " is not there (" + String.join(", ", files) + ").");
        }
        assumeTrue(there, what + " is not there");
    }

    /** Skips the test, with a message, on a machine whose path lacks a command. */
    static void requireCommand(String command) {
        Path[] candidates = Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable)
                .toArray(Path[]::new);
        require(command, candidates.length == 0 ? command : candidates[0].toString());
    }

    /** Returns whether a program may be missing on this machine; where it may not, as in CI, the test fails without it. */
    static boolean programsMayBeMissing() {
        return !Boolean.parseBoolean(KeycloakServer.required("browser.required"));
    }

    /** A program that a test starts, and ends. */
    record Running(Process process, Path log) implements AutoCloseable {

        static Running start(Path directory, URI answersAt, List<String> command)
                throws IOException, InterruptedException {
            Running running = start(directory, command);
            if (!KeycloakProcess.answers(running.process, answersAt, Duration.ofSeconds(60))) {
                throw running.notStarted(command);
            }
            return running;
        }

        /** Starts one that need not answer well. */
        static Running listening(Path directory, int port, List<String> command)
                throws IOException, InterruptedException {
            Running running = start(directory, command);
            Instant deadline = Instant.now().plusSeconds(60);
            while (!Ports.isOpen(port)) {
                if (!running.process.isAlive() || Instant.now().isAfter(deadline)) {
                    throw running.notStarted(command);
                }
                Thread.sleep(100);
            }
            return running;
        }

        private static Running start(Path directory, List<String> command) throws IOException {
            Path log = directory.resolve("output.log");
            return new Running(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start(),
                    log);
        }

        private AssertionError notStarted(List<String> command) throws IOException {
            close();
            return new AssertionError(command + " did not start:\n" + Files.readString(log));
        }

        @Override
        public void close() {
            KeycloakProcess.stop(process);
        }
    }
}
