package io.apikeys.keycloak.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apikeys.keycloak.support.KeycloakProcess;
import io.apikeys.keycloak.support.KeycloakServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.keycloak.admin.client.Keycloak;

/** {@code mvn -Pdemo}: Keycloak with the realm of {@code realm-export.json}, the dashboard, and a key to try it with. */
public final class Demo {

    private static final String USER = "alice";

    private final Path directory = Path.of(KeycloakServer.required("demo.directory"));
    private final Path keycloakHome = Path.of(KeycloakServer.required("keycloak.home"));
    private final int keycloakPort = port("demo.keycloak.port");
    private final int dashboardPort = port("demo.dashboard.port");
    private final String keycloakUrl = "http://localhost:" + keycloakPort;
    private final String dashboardUrl = "http://localhost:" + dashboardPort;
    private final String adminPassword = UUID.randomUUID().toString();

    private Demo() {}

    /** Takes no arguments; Maven passes what it needs as system properties. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            new Demo().run();
        } catch (DemoException clear) {
            // Not thrown on: Maven would bury the message under its own.
            System.err.println("\n" + clear.getMessage() + "\n");
            System.exit(1);
        }
    }

    private void run() throws IOException, InterruptedException {
        requireFree(keycloakPort, "demo.keycloak.port");
        requireFree(dashboardPort, "demo.dashboard.port");
        Files.createDirectories(directory);

        KeycloakProcess keycloak = startKeycloak();
        stopAtExit(keycloak.process());
        await("Keycloak", keycloak.process(), keycloakUrl + "/realms/demo", keycloak.log());
        Path dashboardLog = directory.resolve("dashboard.log");
        Process dashboard = startDashboard(dashboardLog);
        stopAtExit(dashboard);
        await("The dashboard", dashboard, dashboardUrl + "/oauth2/authorization/keycloak", dashboardLog);

        System.out.println(welcome(makeKey()));
        CompletableFuture.anyOf(keycloak.process().onExit(), dashboard.onExit()).join();
        throw new DemoException("The demo has ended. If you did not stop it, the logs say why: " + directory);
    }

    private KeycloakProcess startKeycloak() throws IOException {
        String realm = Files.readString(Path.of(KeycloakServer.required("demo.realm")))
                .replace("http://localhost:8090", dashboardUrl);
        return KeycloakProcess.start(
                keycloakHome,
                Path.of(KeycloakServer.required("keycloak.extension.jar")),
                keycloakPort,
                directory.resolve("keycloak.log"),
                adminPassword,
                realm);
    }

    /** From a copy, which a second {@code mvn -Pdemo} does not build anew under it. */
    private Process startDashboard(Path log) throws IOException {
        Path jar = Files.copy(
                Path.of(KeycloakServer.required("demo.dashboard.jar")),
                directory.resolve("dashboard.jar"),
                StandardCopyOption.REPLACE_EXISTING);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        jar.toString(),
                        "--server.port=" + dashboardPort,
                        "--spring.security.oauth2.client.provider.keycloak.issuer-uri=" + keycloakUrl + "/realms/demo")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** Says every few seconds that it is still waiting. */
    private static void await(String what, Process process, String url, Path log) throws InterruptedException {
        System.out.println(what + " is starting; its log is " + log);
        long start = System.nanoTime();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        var unused = clock.scheduleAtFixedRate(
                () -> System.out.println("  … " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + " s"),
                5,
                5,
                TimeUnit.SECONDS);
        try {
            if (!KeycloakProcess.isReady(process, URI.create(url), Duration.ofMinutes(5))) {
                throw new DemoException(what + " did not start. Its log says why: " + log);
            }
        } finally {
            clock.shutdownNow();
        }
    }

    private String makeKey() throws IOException, InterruptedException {
        try (Keycloak admin =
                Keycloak.getInstance(keycloakUrl, "master", KeycloakServer.ADMIN, adminPassword, "admin-cli")) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(keycloakUrl + "/admin/realms/demo/api-keys"))
                    .header("Authorization", "Bearer " + admin.tokenManager().getAccessTokenString())
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"username\":\"" + USER + "\",\"name\":\"demo\"}"))
                    .build();
            HttpResponse<String> made = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            if (made.statusCode() != 201) {
                throw new DemoException("Keycloak made no key: " + made.statusCode() + " " + made.body());
            }
            return new ObjectMapper().readTree(made.body()).get("key").textValue();
        }
    }

    private String welcome(String key) {
        return """

                The demo is running.

                  1. Open the dashboard    %s
                  2. "Try Another Way", then "API key", and paste
                     the key of user %s    %s

                  Admin console            %s/admin
                    user %s, password   %s

                  Stop it all              Ctrl-C
                """.formatted(dashboardUrl, USER, key, keycloakUrl, KeycloakServer.ADMIN, adminPassword);
    }

    private static void stopAtExit(Process process) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> KeycloakProcess.stop(process)));
    }

    private static int port(String property) {
        String value = KeycloakServer.required(property);
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65535) {
            throw new DemoException("-D" + property + "=" + value + " is no port.");
        }
        return Integer.parseInt(value);
    }

    private static void requireFree(int port, String property) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (BindException taken) {
            throw new DemoException("Port " + port + " is taken. Is the demo running already? Stop what uses the port,"
                    + " or choose another with -D" + property + "=<port>.");
        }
    }

    /** What went wrong, in words for whoever started the demo. */
    private static final class DemoException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        DemoException(String message) {
            super(message);
        }
    }
}
