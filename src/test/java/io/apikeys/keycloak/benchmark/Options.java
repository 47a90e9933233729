package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.support.KeycloakServer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What whoever runs the benchmark can choose.
 *
 * @param parts names, in the order in which they run
 * @param seconds how long each subject is loaded in a round
 * @param users the largest number
 * @param directory where the reports go
 */
record Options(List<String> parts, int seconds, int rounds, int users, Path directory) {

    private static final int WARM_UP = 3;

    /** @throws IllegalArgumentException if one is invalid; the message is for whoever chose it */
    static Options read(Collection<String> allParts) {
        if (!System.getProperty("keycloak.database", "postgres").equals("postgres")) {
            throw new IllegalArgumentException(
                    "The benchmark runs on PostgreSQL alone; leave -Dkeycloak.database out.");
        }
        return new Options(
                parts(allParts),
                number("benchmark.seconds"),
                number("benchmark.rounds"),
                number("benchmark.users"),
                Path.of(KeycloakServer.required("benchmark.directory")));
    }

    private static List<String> parts(Collection<String> all) {
        String chosen = KeycloakServer.required("benchmark.parts");
        if (chosen.equals("all")) {
            return List.copyOf(all);
        }
        Set<String> names = new LinkedHashSet<>();
        for (String each : chosen.split(",", -1)) {
            String name = each.strip();
            if (!all.contains(name)) {
                throw new IllegalArgumentException(
                        "-Dbenchmark.parts has no \"" + name + "\"; there are " + String.join(", ", all) + ".");
            }
            names.add(name);
        }
        return all.stream().filter(names::contains).toList();
    }

    private static int number(String property) {
        String value = KeycloakServer.required(property);
        if (!value.matches("[1-9]\\d{0,7}")) {
            throw new IllegalArgumentException("-D" + property + " is no whole number from 1: " + value);
        }
        return Integer.parseInt(value);
    }

    /** Returns how long each subject is loaded before the rounds, for the server's compiler. */
    int warmUpSeconds() {
        return WARM_UP * seconds;
    }

    /** Returns the command that makes the same choices. */
    String command() {
        return "mvn -Pbenchmark -Dbenchmark.parts=" + String.join(",", parts) + " -Dbenchmark.seconds=" + seconds
                + " -Dbenchmark.rounds=" + rounds + " -Dbenchmark.users=" + users;
    }
}
