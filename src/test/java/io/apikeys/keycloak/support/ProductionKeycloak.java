package io.apikeys.keycloak.support;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of the distribution as production runs it: built ahead of time, and started in production mode, on PostgreSQL.
 *
 * @param home its folder
 */
public record ProductionKeycloak(Path home) {

    /**
     * One that runs.
     *
     * @param url without a slash at the end
     * @param managementUrl the same
     */
    public record Running(KeycloakProcess keycloak, String url, String managementUrl) implements AutoCloseable {

        /** Returns the process of its Java, which {@code kc.sh} has started. */
        public ProcessHandle java() {
            return keycloak.process()
                    .descendants()
                    .filter(each -> each.info().command().orElse("").endsWith("/java"))
                    .findFirst()
                    .orElse(keycloak.process().toHandle());
        }

        @Override
        public void close() {
            if (keycloak.process().isAlive()) {
                keycloak.stop();
            }
        }
    }

    /**
     * Copies the distribution and builds it.
     *
     * @param name of the copy's folder
     * @param extensions the jars that are in it
     */
    public static ProductionKeycloak build(String name, List<Path> extensions)
            throws IOException, InterruptedException {
        Path original = Path.of(KeycloakServer.required("keycloak.home"));
        Path home = original.resolveSibling(name);
        run(
                "bash",
                "-c",
                "rm -rf \"$2\" && cp -r \"$1\" \"$2\" && rm -rf \"$2\"/data \"$2\"/providers/*.jar",
                "bash",
                "" + original,
                "" + home);
        for (Path extension : extensions) {
            Files.copy(
                    extension,
                    home.resolve("providers").resolve(extension.getFileName()),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        run("" + home.resolve("bin/kc.sh"), "build", "--db=postgres", "--cache=local", "--metrics-enabled=true");
        return new ProductionKeycloak(home);
    }

    /** Starts it and waits until it answers. Its log stands beside its folder. */
    public Running start(DatabaseServer database) throws IOException, InterruptedException {
        int port = Ports.free();
        int managementPort = Ports.free();
        List<String> options = new ArrayList<>(database.connectionOptions());
        options.addAll(List.of(
                "--optimized",
                "--http-enabled=true",
                "--hostname-strict=false",
                "--http-management-host=127.0.0.1",
                "--http-management-port=" + managementPort,
                "--log-level=" + KeycloakServer.LOG_LEVEL));
        KeycloakProcess keycloak = KeycloakProcess.run(
                "start",
                home,
                port,
                home.resolveSibling(home.getFileName() + ".log"),
                KeycloakServer.ADMIN_PASSWORD,
                options);
        Running running = new Running(keycloak, "http://127.0.0.1:" + port, "http://127.0.0.1:" + managementPort);
        Runtime.getRuntime().addShutdownHook(new Thread(running::close));
        keycloak.awaitReady(URI.create(running.url + "/realms/master"), Duration.ofMinutes(10));
        return running;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Shell.Result result = Shell.run(builder);
        if (result.exitCode() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ":\n" + result.output());
        }
    }
}
