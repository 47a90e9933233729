package io.apikeys.keycloak.demo;

import io.apikeys.keycloak.support.KeycloakProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program of the demo. It ends with the Java that has started it. */
record DemoProcess(String name, Process process, Path log) implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    DemoProcess {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> KeycloakProcess.stop(process)));
    }

    /**
     * Starts a copy of a program, which a second {@code mvn -Pdemo} does not build anew under it; does not wait for it.
     *
     * @param directory where the copy and the log go
     */
    static DemoProcess start(
            String name, Path directory, Path jar, List<String> options, Map<String, String> environment)
            throws IOException {
        Path copy = Files.copy(jar, directory.resolve(name + ".jar"), StandardCopyOption.REPLACE_EXISTING);
        Path log = directory.resolve(name + ".log");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", copy.toString()));
        command.addAll(options);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new DemoProcess(name, builder.start(), log);
    }

    /** Waits until the program answers well at an address. */
    void awaitReady(String url) throws InterruptedException {
        require(KeycloakProcess.isReady(process, URI.create(url), PATIENCE));
    }

    /** Waits until the program answers at an address, if only with a refusal. */
    void awaitAnswer(String url) throws InterruptedException {
        require(KeycloakProcess.answers(process, URI.create(url), PATIENCE));
    }

    private void require(boolean started) {
        if (!started) {
            throw new DemoException(name + " did not start. Its log says why: " + log);
        }
    }

    @Override
    public void close() {
        KeycloakProcess.stop(process);
    }
}
