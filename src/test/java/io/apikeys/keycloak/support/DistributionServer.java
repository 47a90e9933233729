package io.apikeys.keycloak.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The unpacked distribution as a process. */
final class DistributionServer implements KeycloakServer {

    private static final int REALM_CACHE_ENTRIES = 500_000;

    private final KeycloakProcess keycloak;
    private final String url;
    private final String managementUrl;
    private final Optional<DatabaseServer> database;

    private DistributionServer(
            KeycloakProcess keycloak, String url, String managementUrl, Optional<DatabaseServer> database) {
        this.database = database;
        this.keycloak = keycloak;
        this.url = url;
        this.managementUrl = managementUrl;
    }

    static KeycloakServer start() {
        try {
            Path home = Path.of(KeycloakServer.required("keycloak.home"));
            Path jar = Path.of(KeycloakServer.required("keycloak.extension.jar"));
            TestExtension.writeTo(home.resolve("providers/test-extension.jar"));
            Path log = home.resolveSibling("keycloak-it.log");
            int port = Ports.free();
            int managementPort = Ports.free();
            Optional<DatabaseServer> database = startDatabase();
            List<String> options =
                    new ArrayList<>(database.map(DatabaseServer::options).orElse(List.of()));
            options.addAll(List.of(
                    "--log-level=" + LOG_LEVEL,
                    "--metrics-enabled=true",
                    "--proxy-headers=xforwarded",
                    "--proxy-trusted-addresses=" + TRUSTED_PROXY,
                    "--spi-theme--cache-themes=true",
                    "--spi-theme--cache-templates=true",
                    "--spi-api-key-usage--default--write-seconds=" + WRITE_SECONDS,
                    "--spi-api-key-usage--default--user-storage-seconds=" + USER_STORAGE_SECONDS,
                    "--spi-events-listener--api-key-upkeep--seconds=" + UPKEEP_SECONDS,
                    "--spi-events-listener--api-key-upkeep--unconfirmed-seconds=" + UNCONFIRMED_SECONDS,
                    // Each test makes realms; an administrator of all of them has many roles.
                    "--cache-embedded-realms-max-count=" + REALM_CACHE_ENTRIES,
                    "--http-management-host=127.0.0.1",
                    "--http-management-port=" + managementPort));
            if (!System.getProperty("keycloak.features", "").isEmpty()) {
                options.add("--features=" + System.getProperty("keycloak.features"));
            }
            KeycloakProcess keycloak =
                    KeycloakProcess.start(home, jar, port, log, ADMIN_PASSWORD, null, options.toArray(String[]::new));
            Runtime.getRuntime().addShutdownHook(new Thread(keycloak::stop));
            DistributionServer server = new DistributionServer(
                    keycloak, "http://127.0.0.1:" + port, "http://127.0.0.1:" + managementPort, database);
            keycloak.awaitReady(server.uri("/realms/master"), Duration.ofMinutes(10));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts one that was built ahead, without settings that only tests need. */
    static KeycloakServer startInProductionMode() {
        try {
            Path home = Path.of(KeycloakServer.required("keycloak.home"));
            Path jar = Path.of(KeycloakServer.required("keycloak.extension.jar"));
            Path testExtension = TestExtension.writeTo(home.resolveSibling("test-extension.jar"));
            DatabaseServer database = DatabaseServer.postgres();
            ProductionKeycloak.Running running = ProductionKeycloak.build(
                            "keycloak-production", List.of(jar, testExtension))
                    .start(database);
            return new DistributionServer(
                    running.keycloak(), running.url(), running.managementUrl(), Optional.of(database));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** {@code -Dkeycloak.database}: {@code dev-file} is the embedded one, which starts empty. */
    private static Optional<DatabaseServer> startDatabase() {
        return switch (System.getProperty("keycloak.database", "dev-file")) {
            case "postgres" -> Optional.of(DatabaseServer.postgres());
            case "mariadb" -> Optional.of(DatabaseServer.mariadb());
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<DatabaseServer> databaseServer() {
        return database;
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public String managementUrl() {
        return managementUrl;
    }

    @Override
    public String log() throws IOException {
        return Files.readString(keycloak.log());
    }

    @Override
    public byte[] database() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(keycloak.home().resolve("data/h2"))) {
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
        builder.environment().merge("PATH", keycloak.home().resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        // kcadm.sh keeps its token there; not in the home of whoever runs the tests.
        builder.environment()
                .put(
                        "KC_OPTS",
                        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Duser.home="
                                + keycloak.home().resolve("data"));
        return Shell.run(builder);
    }

    @Override
    public String urlForCommands() {
        return url;
    }

    @Override
    public InetAddress reachableAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public String pathForCommands(Path file) {
        return file.toString();
    }
}
