package io.apikeys.keycloak.support;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An unpacked distribution as a process, on loopback: with this extension in it, in development mode, on an embedded
 * database that starts empty, unless {@link ProductionKeycloak} runs it.
 *
 * @param log where its output goes
 */
public record KeycloakProcess(Path home, Path log, Process process) {

    /**
     * Starts one and does not wait for it.
     *
     * @param extension the jar
     * @param log its directory exists
     * @param realm a realm to import; null for none
     * @param options further options of {@code kc.sh start-dev}
     */
    public static KeycloakProcess start(
            Path home, Path extension, int port, Path log, String adminPassword, String realm, String... options)
            throws IOException {
        deleteTree(home.resolve("data"));
        Files.copy(
                extension,
                home.resolve("providers").resolve(extension.getFileName()),
                StandardCopyOption.REPLACE_EXISTING);
        List<String> all = new ArrayList<>(Arrays.asList(options));
        if (realm != null) {
            Path imports = Files.createDirectories(home.resolve("data/import"));
            Files.writeString(imports.resolve("realm.json"), realm);
            all.add("--import-realm");
        }
        return restart(home, port, log, adminPassword, all.toArray(String[]::new));
    }

    /** As {@link #start}, with the extension and the data that are there. */
    public static KeycloakProcess restart(Path home, int port, Path log, String adminPassword, String... options)
            throws IOException {
        return run("start-dev", home, port, log, adminPassword, Arrays.asList(options));
    }

    /**
     * Runs {@code kc.sh} on loopback.
     *
     * @param mode its command: {@code start-dev} or {@code start}
     */
    static KeycloakProcess run(String mode, Path home, int port, Path log, String adminPassword, List<String> options)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(home.resolve("bin/kc.sh").toString(), mode, "--http-host=127.0.0.1", "--http-port=" + port));
        command.addAll(options);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", KeycloakServer.ADMIN);
        builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", adminPassword);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return new KeycloakProcess(home, log, builder.start());
    }

    /** Waits until this address answers; fails with the log when the process ends before, or never gets there. */
    public void awaitReady(URI uri, Duration timeout) throws IOException, InterruptedException {
        if (!isReady(process, uri, timeout)) {
            throw new IllegalStateException("Keycloak did not start:\n" + Files.readString(log));
        }
    }

    /** Waits until a process answers well at an address; false when it ends before, or never gets there. */
    public static boolean isReady(Process process, URI uri, Duration timeout) throws InterruptedException {
        return answers(process, uri, timeout, 400);
    }

    /** Waits until a process answers at an address, if only with a refusal; false when it ends before, or never does. */
    public static boolean answers(Process process, URI uri, Duration timeout) throws InterruptedException {
        return answers(process, uri, timeout, 500);
    }

    private static boolean answers(Process process, URI uri, Duration timeout, int badStatus)
            throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
        Instant deadline = Instant.now().plus(timeout);
        while (process.isAlive() && Instant.now().isBefore(deadline)) {
            try {
                if (client.send(request, BodyHandlers.discarding()).statusCode() < badStatus) {
                    return true;
                }
            } catch (IOException notYet) {
                // Nobody listens.
            }
            Thread.sleep(50);
        }
        return false;
    }

    public void stop() {
        stop(process);
    }

    /** Stops a process and what it started: a signal to {@code kc.sh} does not reach its Java. */
    public static void stop(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        all.forEach(handle -> handle.onExit().join());
    }

    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
