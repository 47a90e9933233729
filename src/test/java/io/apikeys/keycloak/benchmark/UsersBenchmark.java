package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.support.DatabaseServer;
import io.apikeys.keycloak.support.KeycloakServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Whether the gateway check takes longer in a realm with many users who have keys. */
record UsersBenchmark(Options options) implements Part {

    private static final int[] NUMBERS = {1_000, 100_000, 1_000_000};
    private static final int KNOWN_KEYS = 300;

    @Override
    public Section run() throws IOException, InterruptedException {
        DatabaseServer database = KeycloakServer.running().databaseServer().orElseThrow();
        Map<String, FilledRealm> realms = new LinkedHashMap<>();
        for (int users : numbers()) {
            System.out.println("Filling a realm with " + users + " users");
            realms.put(String.format(Locale.ROOT, "%,d users", users), FilledRealm.create(database, users, KNOWN_KEYS));
        }
        Client client = new Client();
        Series rates = hot(client, realms);
        Series times = cold(client, realms);
        return new Section(
                "Realms with many users",
                "Gateway checks of " + KNOWN_KEYS + " keys in turn, by Java's HTTP client: the top rate on "
                        + Load.CONNECTIONS + " connections while the holders are in the user cache; then, one after the"
                        + " other, the first check of each after the user cache was cleared, and a later one.",
                List.of(
                        rates.chart("Top rates of the gateway check", "requests/s"),
                        times.chart("First and later checks, one after the other", "ms")),
                goals(new ArrayList<>(realms.keySet()), rates, times));
    }

    private List<Integer> numbers() {
        return IntStream.concat(
                        IntStream.of(NUMBERS).filter(number -> number < options.users()), IntStream.of(options.users()))
                .boxed()
                .toList();
    }

    private Series hot(Client client, Map<String, FilledRealm> realms) throws InterruptedException {
        for (FilledRealm realm : realms.values()) {
            client.topRate(realm.checks(), options.warmUpSeconds());
        }
        Series rates = new Series();
        for (int round = 1; round <= options.rounds(); round++) {
            for (Map.Entry<String, FilledRealm> realm : realms.entrySet()) {
                double rate = client.topRate(realm.getValue().checks(), options.seconds());
                rates.add(realm.getKey(), rate, round, "requests/s");
            }
        }
        return rates;
    }

    private Series cold(Client client, Map<String, FilledRealm> realms) throws IOException, InterruptedException {
        Series times = new Series();
        for (int round = 1; round <= options.rounds(); round++) {
            for (Map.Entry<String, FilledRealm> realm : realms.entrySet()) {
                List<Request> checks = realm.getValue().checks();
                realm.getValue().requests().realm().admin().clearUserCache();
                times.add(first(realm.getKey()), median(client.millis(checks)), round, "ms");
                times.add(later(realm.getKey()), median(client.millis(checks)), round, "ms");
            }
        }
        return times;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static List<Goal> goals(List<String> sizes, Series rates, Series times) {
        List<Goal> goals = new ArrayList<>();
        sizes.stream().skip(1).forEach(size -> goals.add(rates.atLeast(size, 0.9, sizes.get(0))));
        sizes.forEach(
                size -> goals.add(Goal.atMost(first(size), later(size), times.ratio(first(size), later(size)), 3)));
        return goals;
    }

    private static String first(String size) {
        return size + ", first check";
    }

    private static String later(String size) {
        return size + ", later check";
    }
}
