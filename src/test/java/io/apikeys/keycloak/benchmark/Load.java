package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.support.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads a server with one request over and over, by {@code ab} and {@code hey}. Fails if one is refused. */
final class Load {

    static final int CONNECTIONS = 4;

    private static final Pattern RATE = Pattern.compile("Requests per second:\\s+([\\d.]+)");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx responses:\\s+\\d+");

    /** A line of hey's: how long an answer took, in seconds, and its status. */
    private static final Pattern ANSWER = Pattern.compile("(?m)^([\\d.]+),(?:[\\d.]+,){5}(\\d{3}),");

    private Load() {}

    /** How long answers take: half of them at most the first, 99 % at most the second. */
    record Latency(double p50Millis, double p99Millis) {

        private static Latency of(List<Double> seconds) {
            List<Double> sorted = seconds.stream().sorted().toList();
            return new Latency(1000 * sorted.get(sorted.size() / 2), 1000 * sorted.get(sorted.size() * 99 / 100));
        }
    }

    /** Returns the requests per second that the server answers at most. */
    static double topRate(Request request, int seconds) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("ab", "-k", "-q", "-l", "-c", "" + CONNECTIONS, "-t", "" + seconds));
        // After -t, which sets it to 50,000.
        command.addAll(List.of("-n", "10000000"));
        request.headers().forEach(header -> command.addAll(List.of("-H", header)));
        String output = run(request, command, "-p");
        Matcher rate = RATE.matcher(output);
        if (!rate.find() || REFUSED.matcher(output).find()) {
            throw new IllegalStateException(request + ":\n" + output);
        }
        return Double.parseDouble(rate.group(1));
    }

    /** Returns how long answers take at a given rate. */
    static Latency latency(Request request, double rate, int seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("hey", "-z", seconds + "s", "-c", "" + CONNECTIONS));
        command.addAll(List.of("-disable-redirects", "-o", "csv"));
        command.addAll(List.of("-q", String.format(Locale.ROOT, "%.1f", rate / CONNECTIONS)));
        request.headers().forEach(header -> command.addAll(List.of("-H", header)));
        if (request.form() != null) {
            command.addAll(List.of("-m", "POST"));
        }
        String output = run(request, command, "-D");
        List<Double> times = new ArrayList<>();
        for (Matcher answer = ANSWER.matcher(output); answer.find(); ) {
            if (!answer.group(2).startsWith("2")) {
                throw new IllegalStateException(request + " answered " + answer.group(2));
            }
            times.add(Double.parseDouble(answer.group(1)));
        }
        if (times.isEmpty()) {
            throw new IllegalStateException(request + ":\n" + output);
        }
        return Latency.of(times);
    }

    private static String run(Request request, List<String> command, String bodyOption)
            throws IOException, InterruptedException {
        Path body = Files.createTempFile("benchmark", ".form");
        try {
            if (request.form() != null) {
                Files.writeString(body, request.form());
                command.addAll(List.of(bodyOption, body.toString(), "-T", "application/x-www-form-urlencoded"));
            }
            command.add(request.url());
            return Shell.run(new ProcessBuilder(command)).output();
        } finally {
            Files.delete(body);
        }
    }
}
