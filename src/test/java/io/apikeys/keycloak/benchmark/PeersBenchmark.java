package io.apikeys.keycloak.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.DatabaseServer;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.KeycloakProcess;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the gateway check compares with what other software does for a request: better-auth, in one Node process. */
record PeersBenchmark(Options options) implements Part {

    private static final Path PROGRAM = Path.of("src/test/resources/benchmark/peers.mjs");
    private static final List<String> PACKAGES = List.of("better-auth@1.7.5", "@better-auth/api-key@1.7.5", "pg@8");
    private static final double TIMES = 10;

    private static final String VERIFY = "better-auth: verify a key";
    private static final String VERIFY_LIMITED = "better-auth: verify a key with a rate limit";
    private static final String SESSION = "better-auth: look up a session";

    @Override
    public Section run() throws IOException, InterruptedException {
        RealmRequests requests = RealmRequests.ofNewRealm();
        TestRealm realm = requests.realm();
        User alice = realm.user("alice");
        Map<String, Request> subjects = new LinkedHashMap<>();
        subjects.put(
                DoorsBenchmark.CHECK, requests.gatewayCheck(realm.key(alice).raw()));
        subjects.put(
                DoorsBenchmark.LIMITED,
                requests.gatewayCheck(realm.key(alice, Map.of("name", "limited", "limits", DoorsBenchmark.LIMITS))
                        .raw()));
        int port = Ports.free();
        Process peers = start(port);
        try {
            JsonNode made = secrets(peers);
            String url = "http://127.0.0.1:" + port;
            subjects.put(VERIFY, Request.get(url + "/verify", "X-API-Key: " + text(made, "key")));
            subjects.put(VERIFY_LIMITED, Request.get(url + "/verify", "X-API-Key: " + text(made, "limited")));
            subjects.put(SESSION, Request.get(url + "/session", "Cookie: " + text(made, "cookie")));
            Series rates = new Rounds(options).topRates(subjects);
            return new Section(
                    "Other software",
                    "Top rates by ab on " + Load.CONNECTIONS + " connections: " + String.join(", ", PACKAGES)
                            + " in one Node process, on the PostgreSQL that Keycloak uses.",
                    List.of(rates.chart("Top rates", "requests/s")),
                    List.of(
                            rates.atLeast(DoorsBenchmark.CHECK, TIMES, VERIFY),
                            rates.atLeast(DoorsBenchmark.LIMITED, TIMES, VERIFY_LIMITED),
                            rates.atLeast(DoorsBenchmark.CHECK, TIMES, SESSION)));
        } finally {
            KeycloakProcess.stop(peers);
        }
    }

    private static Process start(int port) throws IOException, InterruptedException {
        DatabaseServer database = KeycloakServer.running().databaseServer().orElseThrow();
        Sql.run(database, "create database better_auth;");
        Path directory = Files.createTempDirectory("peers");
        Files.copy(PROGRAM, directory.resolve("peers.mjs"));
        Files.writeString(directory.resolve("package.json"), "{\"private\":true}");
        Shell.Result installed = Shell.run(new ProcessBuilder(
                        "bash",
                        "-c",
                        "npm install --silent --no-audit --no-fund --legacy-peer-deps " + String.join(" ", PACKAGES))
                .directory(directory.toFile()));
        if (installed.exitCode() != 0) {
            throw new IllegalStateException("npm could not install better-auth:\n" + installed.output());
        }
        ProcessBuilder node = new ProcessBuilder("node", "peers.mjs")
                .directory(directory.toFile())
                .redirectError(directory.resolve("peers.log").toFile());
        node.environment().put("NODE_ENV", "production");
        node.environment().put("PORT", "" + port);
        node.environment().put("DATABASE_URL", database.postgresUrl("better_auth"));
        Process process = node.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> KeycloakProcess.stop(process)));
        return process;
    }

    /** Waits until the program says that it listens, and for whom it has made a key and a session. */
    private static JsonNode secrets(Process peers) throws IOException {
        BufferedReader output = peers.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("READY ")) {
                return Json.read(line.substring("READY ".length()));
            }
        }
        throw new IllegalStateException("better-auth did not start; its log is peers.log in a temporary directory.");
    }

    private static String text(JsonNode object, String name) {
        return object.get(name).textValue();
    }
}
