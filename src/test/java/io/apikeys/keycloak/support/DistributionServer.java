package io.apikeys.keycloak.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
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
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The unpacked distribution as a process, in development mode on its embedded database, on loopback. */
final class DistributionServer implements KeycloakServer {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(4);

    private final Path home;
    private final String url;
    private final Path log;

    private DistributionServer(Path home, String url, Path log) {
        this.home = home;
        this.url = url;
        this.log = log;
    }

    static KeycloakServer start() {
        try {
            Path home = Path.of(KeycloakServer.required("keycloak.home"));
            Path jar = Path.of(KeycloakServer.required("keycloak.extension.jar"));
            deleteTree(home.resolve("data"));
            Files.copy(jar, home.resolve("providers").resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            int port = freePort();
            Path log = home.resolveSibling("keycloak-it.log");
            Process process = command(home, port)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process)));
            DistributionServer server = new DistributionServer(home, "http://127.0.0.1:" + port, log);
            server.awaitReady(process);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static ProcessBuilder command(Path home, int port) {
        ProcessBuilder command = new ProcessBuilder(
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--log-level=" + LOG_LEVEL);
        command.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
        command.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN_PASSWORD);
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return command;
    }

    private void awaitReady(Process process) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(START_TIMEOUT);
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/realms/master"))
                .timeout(Duration.ofSeconds(10))
                .build();
        while (process.isAlive() && Instant.now().isBefore(deadline)) {
            try {
                if (client.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                Thread.sleep(500);
            }
        }
        throw new IllegalStateException("Keycloak did not start:\n" + log());
    }

    /** The script starts Java as a child, which a signal to the script does not reach. */
    private static void stop(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        all.forEach(handle -> handle.onExit().join());
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public byte[] database() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(home.resolve("data/h2"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes.write(Files.readAllBytes(file));
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public Shell.Result execute(List<String> command) throws IOException, InterruptedException {
        List<String> withPath = new ArrayList<>(List.of("env"));
        withPath.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(withPath);
        builder.environment().merge("PATH", home.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        // kcadm.sh keeps its token there; not in the home of whoever runs the tests.
        builder.environment().put("KC_OPTS", "-Duser.home=" + home.resolve("data"));
        return Shell.run(builder);
    }

    @Override
    public String urlForCommands() {
        return url;
    }

    @Override
    public String pathForCommands(Path file) {
        return file.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
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
