package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.DatabaseServer;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.ProductionKeycloak;
import io.apikeys.keycloak.support.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.admin.client.Keycloak;

/** How much memory Keycloak needs when its user cache is full of holders, with this extension in it and without. */
record HeapBenchmark() implements Part {

    /** As many users as Keycloak caches by default. */
    private static final int USERS = 10_000;

    /** As many as are asked for with one access token, which lasts a minute. */
    private static final int BATCH = 500;

    private static final double MEGABYTE = 1e6;
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    @Override
    public Section run() throws IOException, InterruptedException {
        DatabaseServer database = KeycloakServer.running().databaseServer().orElseThrow();
        FilledRealm realm = FilledRealm.create(database, USERS, USERS);
        Twins twins = Twins.build();
        Series heap = new Series();
        try (ProductionKeycloak.Running without = twins.without().start(database)) {
            fill(without, realm, heap, Twins.WITHOUT);
        }
        try (ProductionKeycloak.Running with = twins.with().start(database)) {
            fill(with, realm, heap, Twins.WITH);
            Client client = new Client();
            client.millis(checks(with, realm));
            heap.add("every key checked, " + Twins.WITH, megabytes(with), 1, "MB");
        }
        return new Section(
                "Memory",
                "Live objects after a collection (jcmd GC.class_histogram): before and after an administrator looks at the"
                        + " credentials of each of " + USERS
                        + " users with a key, which fills the user cache; and after"
                        + " the gateway check of each key.",
                List.of(heap.chart("Heap", "MB")),
                List.of());
    }

    private static void fill(ProductionKeycloak.Running server, FilledRealm realm, Series heap, String which)
            throws IOException, InterruptedException {
        String users = "/admin/realms/" + realm.requests().realm().name() + "/users/";
        Client client = new Client();
        try (Keycloak administrator = Keycloak.getInstance(
                server.url(), "master", KeycloakServer.ADMIN, KeycloakServer.ADMIN_PASSWORD, "admin-cli")) {
            client.millis(credentials(server, administrator, users, realm.keys().subList(0, 1)));
            heap.add("user cache empty, " + which, megabytes(server), 1, "MB");
            for (int first = 0; first < USERS; first += BATCH) {
                client.millis(
                        credentials(server, administrator, users, realm.keys().subList(first, first + BATCH)));
            }
        }
        heap.add("user cache full, " + which, megabytes(server), 1, "MB");
    }

    private static List<Request> credentials(
            ProductionKeycloak.Running server, Keycloak administrator, String users, List<ApiKey> keys) {
        String token = administrator.tokenManager().getAccessTokenString();
        return keys.stream()
                .map(key -> Request.get(
                        server.url() + users + key.holderId() + "/credentials", "Authorization: Bearer " + token))
                .toList();
    }

    private static List<Request> checks(ProductionKeycloak.Running server, FilledRealm realm) {
        String url = server.url() + "/realms/" + realm.requests().realm().name() + "/api-keys/auth";
        return realm.keys().stream()
                .map(key -> Request.get(url, "X-API-Key: " + key.reveal()))
                .toList();
    }

    /** Collects the garbage and returns the size of what is left. */
    private static double megabytes(ProductionKeycloak.Running server) throws IOException, InterruptedException {
        Shell.Result histogram = Shell.run(new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                "" + server.java().pid(),
                "GC.class_histogram"));
        Matcher total = TOTAL.matcher(histogram.output());
        if (!total.find()) {
            throw new IllegalStateException(histogram.output());
        }
        return Long.parseLong(total.group(1)) / MEGABYTE;
    }
}
