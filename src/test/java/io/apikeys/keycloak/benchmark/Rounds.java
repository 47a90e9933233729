package io.apikeys.keycloak.benchmark;

import java.io.IOException;
import java.util.Map;

/** Loads subjects by turns, so that other work of the machine hits all alike. */
record Rounds(Options options) {

    /** Returns the top rate of each subject in each round. */
    Series topRates(Map<String, Request> subjects) throws IOException, InterruptedException {
        for (Request request : subjects.values()) {
            Load.topRate(request, options.warmUpSeconds());
        }
        Series rates = new Series();
        for (int round = 1; round <= options.rounds(); round++) {
            for (Map.Entry<String, Request> subject : subjects.entrySet()) {
                double rate = Load.topRate(subject.getValue(), options.seconds());
                rates.add(subject.getKey(), rate, round, "requests/s");
            }
        }
        return rates;
    }

    /** Returns how long the subjects' answers take at half of their top rates. */
    Series latencies(Map<String, Request> subjects, Series topRates) throws IOException, InterruptedException {
        Series latencies = new Series();
        for (int round = 1; round <= options.rounds(); round++) {
            for (Map.Entry<String, Request> subject : subjects.entrySet()) {
                String name = subject.getKey();
                Load.Latency latency = Load.latency(subject.getValue(), topRates.median(name) / 2, options.seconds());
                latencies.add(name + ", p50", latency.p50Millis(), round, "ms");
                latencies.add(name + ", p99", latency.p99Millis(), round, "ms");
            }
        }
        return latencies;
    }
}
