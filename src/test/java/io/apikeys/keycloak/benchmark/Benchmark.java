package io.apikeys.keycloak.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.DatabaseServer;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast the doors are, each against something that Keycloak does anyway, on one server and in one run: machines differ,
 * and this one may have other work. Loads the server with Apache's {@code ab}, one request after the other in rounds.
 */
public final class Benchmark {

    private static final int CONNECTIONS = 4;
    private static final int WARM_UP_SECONDS = 10;
    private static final int ROUNDS = 7;
    private static final int SECONDS_A_ROUND = 3;

    private static final Pattern RATE = Pattern.compile("Requests per second:\\s+([\\d.]+)");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx responses:\\s+(\\d+)");

    private final Path directory;
    private final Map<String, Request> requests = new LinkedHashMap<>();
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();

    private Benchmark(Path directory) {
        this.directory = directory;
    }

    /** @param body null for a GET */
    private record Request(String path, List<String> headers, String body) {}

    /** A door, what it is held against, and how much faster it is to be. */
    private record Goal(String door, String against, double ratio) {}

    private static final List<Goal> GOALS = List.of(
            new Goal("gateway check", "userinfo", 2.5),
            new Goal("introspect a key", "introspect an access token", 2.0),
            new Goal("exchange a key", "client credentials", 1.0),
            new Goal("gateway check with token", "client credentials", 1.0),
            new Goal("gateway check of a limited key", "gateway check", 0.25));

    /** More than the load uses up, so that every check is one that counts. */
    private static final Map<String, Object> LIMITS = Map.of(
            "rateLimit",
            Map.of("max", 1_000_000_000, "windowSeconds", 86_400),
            "quota",
            Map.of("remaining", 1_000_000_000));

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path report = Path.of(KeycloakServer.required("benchmark.report"));
        Benchmark benchmark = new Benchmark(Files.createTempDirectory("benchmark"));
        benchmark.prepare();
        benchmark.run();
        String text = benchmark.report();
        Optional<DatabaseServer> database = KeycloakServer.running().databaseServer();
        if (database.isPresent()) {
            text += InventoryBenchmark.run(database.get());
        }
        Files.writeString(report, text);
        System.out.println("\n" + text);
        // Maven waits for the server otherwise, whose shutdown hook waits for Maven.
        System.exit(0);
    }

    private void prepare() {
        TestRealm realm = TestRealm.create();
        realm.events().keepNone();
        User alice = realm.user("alice");
        RawKey key = realm.key(alice);
        App desk = realm.clients().exchanger("desk");
        realm.clients().addToAudience("desk");
        String token = realm.app().passwordGrant("alice", TestRealm.PASSWORD).access();
        String base = "/realms/" + realm.name();
        String protocol = base + "/protocol/openid-connect";
        List<String> asDesk = List.of("Authorization: " + RealmClients.basic("desk"));

        requests.put("public realm resource", new Request(base, List.of(), null));
        requests.put("userinfo", new Request(protocol + "/userinfo", List.of("Authorization: Bearer " + token), null));
        requests.put("gateway check", new Request(base + "/api-keys/auth", List.of("X-API-Key: " + key.raw()), null));
        RawKey limited = realm.key(alice, Map.of("name", "limited", "limits", LIMITS));
        requests.put(
                "gateway check of a limited key",
                new Request(base + "/api-keys/auth", List.of("X-API-Key: " + limited.raw()), null));
        requests.put(
                "introspect an access token",
                new Request(protocol + "/token/introspect", asDesk, form(Map.of("token", token))));
        requests.put(
                "introspect a key",
                new Request(protocol + "/token/introspect", asDesk, form(Map.of("token", key.raw()))));
        requests.put(
                "client credentials",
                new Request(protocol + "/token", asDesk, form(Map.of("grant_type", "client_credentials"))));
        requests.put(
                "exchange a key",
                new Request(
                        protocol + "/token",
                        asDesk,
                        form(Map.of(
                                "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                                "subject_token_type", "urn:keycloak:token-type:api-key",
                                "subject_token", key.raw()))));
        requests.put(
                "gateway check with token",
                new Request(
                        base + "/api-keys/auth",
                        List.of("X-API-Key: " + key.raw(), "Authorization: " + RealmClients.basic("desk")),
                        null));
        if (desk.exchange(key.raw()).status() != 200) {
            throw new IllegalStateException("The key cannot be exchanged.");
        }
    }

    private static String form(Map<String, String> fields) {
        List<String> pairs = new ArrayList<>();
        fields.forEach((name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, UTF_8)));
        return String.join("&", pairs);
    }

    private void run() throws IOException, InterruptedException {
        for (Request request : requests.values()) {
            rate(request, WARM_UP_SECONDS);
        }
        for (int round = 1; round <= ROUNDS; round++) {
            for (Map.Entry<String, Request> request : requests.entrySet()) {
                double rate = rate(request.getValue(), SECONDS_A_ROUND);
                rates.computeIfAbsent(request.getKey(), unused -> new ArrayList<>())
                        .add(rate);
                System.out.printf(Locale.ROOT, "round %d: %-28s %8.0f/s%n", round, request.getKey(), rate);
            }
        }
    }

    private double rate(Request request, int seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("ab", "-k", "-q", "-l", "-c", "" + CONNECTIONS, "-t", "" + seconds, "-n", "1000000"));
        request.headers().forEach(header -> command.addAll(List.of("-H", header)));
        if (request.body() != null) {
            Path body = Files.writeString(directory.resolve("body"), request.body());
            command.addAll(List.of("-p", body.toString(), "-T", "application/x-www-form-urlencoded"));
        }
        command.add(KeycloakServer.running().url() + request.path());
        Shell.Result result = Shell.run(new ProcessBuilder(command));
        Matcher rate = RATE.matcher(result.output());
        if (!rate.find() || REFUSED.matcher(result.output()).find()) {
            throw new IllegalStateException(request.path() + ":\n" + result.output());
        }
        return Double.parseDouble(rate.group(1));
    }

    private String report() {
        StringBuilder text = new StringBuilder("| | requests/s (median of " + ROUNDS + ") |\n|---|---|\n");
        requests.keySet()
                .forEach(name -> text.append(String.format(Locale.ROOT, "| %s | %.0f |%n", name, median(name))));
        text.append("\n| | against | ratio | goal |\n|---|---|---|---|\n");
        for (Goal goal : GOALS) {
            double ratio = median(goal.door()) / median(goal.against());
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.2f | %.1f %s |%n",
                    goal.door(),
                    goal.against(),
                    ratio,
                    goal.ratio(),
                    ratio >= goal.ratio() ? "reached" : "not reached"));
        }
        return text.toString();
    }

    private double median(String name) {
        return rates.get(name).stream().sorted().toList().get(ROUNDS / 2);
    }
}
