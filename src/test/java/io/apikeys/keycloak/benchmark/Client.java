package io.apikeys.keycloak.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends different requests in turn, as no program does that {@link Load} uses: each with another key. Fails if one is
 * refused. It costs more of the machine than those, so its rates are lower than theirs.
 */
final class Client {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Returns the answers per second that {@link Load#CONNECTIONS} connections get. */
    double topRate(List<Request> requests, int seconds) throws InterruptedException {
        List<HttpRequest> prepared = prepare(requests);
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(seconds).toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(Load.CONNECTIONS);
        try {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < Load.CONNECTIONS; i++) {
                int first = i * prepared.size() / Load.CONNECTIONS;
                counts.add(threads.submit(() -> sendUntil(end, prepared, first)));
            }
            int answers = 0;
            for (Future<Integer> count : counts) {
                answers += count.get();
            }
            return answers * 1e9 / (System.nanoTime() - start);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdown();
        }
    }

    private int sendUntil(long end, List<HttpRequest> requests, int first) throws IOException, InterruptedException {
        int sent = 0;
        while (System.nanoTime() < end) {
            send(requests.get((first + sent) % requests.size()));
            sent++;
        }
        return sent;
    }

    /** Sends each once, one after the other, and returns how long each took. */
    List<Double> millis(List<Request> requests) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (HttpRequest request : prepare(requests)) {
            long start = System.nanoTime();
            send(request);
            millis.add((System.nanoTime() - start) / 1e6);
        }
        return millis;
    }

    private void send(HttpRequest request) throws IOException, InterruptedException {
        int status = http.send(request, BodyHandlers.discarding()).statusCode();
        if (status / 100 != 2) {
            throw new IllegalStateException(request.uri() + " answered " + status);
        }
    }

    private static List<HttpRequest> prepare(List<Request> requests) {
        return requests.stream().map(Client::prepare).toList();
    }

    private static HttpRequest prepare(Request request) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(request.url())).timeout(Duration.ofMinutes(1));
        request.headers().forEach(header -> {
            int colon = header.indexOf(": ");
            builder.header(header.substring(0, colon), header.substring(colon + 2));
        });
        if (request.form() != null) {
            builder.header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(request.form()));
        }
        return builder.build();
    }
}
