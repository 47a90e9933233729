package io.apikeys.keycloak.support;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A database of its own for a test or for the whole run, on loopback, from Debian's packages: {@code postgresql} or
 * {@code mariadb-server}. Must be stopped.
 */
public final class DatabaseServer implements AutoCloseable {

    private static final String NAME = "keycloak";

    private final String vendor;
    private final Path directory;
    private final int port;
    private final List<String> command;
    private Process process;

    private DatabaseServer(String vendor, Path directory, int port, List<String> command) {
        this.vendor = vendor;
        this.directory = directory;
        this.port = port;
        this.command = command;
    }

    /** Whether this machine has PostgreSQL. */
    public static boolean hasPostgres() {
        return postgresPrograms().isPresent();
    }

    private static Optional<Path> postgresPrograms() {
        try (var versions = Files.exists(Path.of("/usr/lib/postgresql"))
                ? Files.list(Path.of("/usr/lib/postgresql"))
                : Stream.<Path>empty()) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(programs -> Files.isExecutable(programs.resolve("initdb")))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static DatabaseServer postgres() {
        Path programs = postgresPrograms().orElseThrow();
        return start("postgres", "postgres", (directory, port) -> {
            run("postgres", programs.resolve("initdb").toString(), "-A", "trust", "-D", directory + "/data", "-N");
            return List.of(
                    programs.resolve("postgres").toString(),
                    "-D",
                    directory + "/data",
                    "-p",
                    "" + port,
                    "-k",
                    directory.toString(),
                    "-h",
                    "127.0.0.1",
                    "-c",
                    "max_connections=300");
        });
    }

    public static DatabaseServer mariadb() {
        return start("mariadb", "mysql", (directory, port) -> {
            run(
                    "mysql",
                    "mariadb-install-db",
                    "--no-defaults",
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    "--datadir=" + directory + "/data");
            return List.of(
                    "mariadbd",
                    "--no-defaults",
                    "--datadir=" + directory + "/data",
                    "--port=" + port,
                    "--bind-address=127.0.0.1",
                    "--socket=" + directory + "/socket",
                    "--pid-file=" + directory + "/pid");
        });
    }

    private interface Preparation {
        List<String> command(Path directory, int port) throws IOException, InterruptedException;
    }

    private static DatabaseServer start(String vendor, String account, Preparation preparation) {
        try {
            Path directory = Files.createTempDirectory("keycloak-" + vendor);
            run("root", "chown", account, directory.toString());
            int port = Ports.free();
            List<String> command = new ArrayList<>(List.of("runuser", "-u", account, "--"));
            command.addAll(preparation.command(directory, port));
            DatabaseServer server = new DatabaseServer(vendor, directory, port, command);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            server.resume();
            server.createDatabase();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void createDatabase() throws IOException, InterruptedException {
        if (vendor.equals("postgres")) {
            run("root", "psql", "-h", "127.0.0.1", "-p", "" + port, "-U", "postgres", "-c", "create database " + NAME);
        } else {
            run(
                    "root",
                    "mariadb",
                    "--no-defaults",
                    "--socket=" + directory + "/socket",
                    "-u",
                    "root",
                    "-e",
                    "create database " + NAME + " character set utf8mb4; create user keycloak@127.0.0.1; "
                            + "grant all on " + NAME + ".* to keycloak@127.0.0.1");
        }
    }

    /** Has Keycloak use it. */
    public List<String> options() {
        List<String> options = new ArrayList<>(connectionOptions());
        options.add("--db=" + vendor);
        return options;
    }

    /** Has a Keycloak use it that was built for its kind. */
    List<String> connectionOptions() {
        return List.of(
                "--db-url-host=127.0.0.1",
                "--db-url-port=" + port,
                "--db-url-database=" + NAME,
                "--db-username=" + (vendor.equals("postgres") ? "postgres" : "keycloak"),
                "--db-password=");
    }

    /** Where PostgreSQL's own programs and libraries find it. */
    public String postgresUrl(String database) {
        return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
    }

    /** Takes the database away, as a crash does. */
    public void crash() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Brings it back. */
    public void resume() throws IOException, InterruptedException {
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile("database", ".log").toFile())
                .start();
        Instant deadline = Instant.now().plus(Duration.ofMinutes(1));
        while (!accepts()) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException(vendor + " did not start");
            }
            Thread.sleep(200);
        }
    }

    private boolean accepts() throws InterruptedException {
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            // It also has to have recovered from a crash.
            return vendor.equals("mariadb")
                    || Shell.run(new ProcessBuilder("psql", postgresUrl("postgres"), "-c", "select 1"))
                                    .exitCode()
                            == 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            KeycloakProcess.stop(process);
        }
    }

    private static void run(String account, String... arguments) throws IOException, InterruptedException {
        List<String> all =
                new ArrayList<>(account.equals("root") ? List.of() : List.of("runuser", "-u", account, "--"));
        all.addAll(Arrays.asList(arguments));
        Shell.Result result = Shell.run(new ProcessBuilder(all).directory(new File("/tmp")));
        if (result.exitCode() != 0) {
            throw new IllegalStateException(all + ":\n" + result.output());
        }
    }
}
