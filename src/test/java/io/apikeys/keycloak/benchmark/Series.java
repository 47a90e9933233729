package io.apikeys.keycloak.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured of each subject, several times. */
final class Series {

    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    void add(String subject, double value) {
        values.computeIfAbsent(subject, unused -> new ArrayList<>()).add(value);
    }

    /** Adds one and prints it, so that whoever waits sees how far the benchmark is. */
    void add(String subject, double value, int round, String unit) {
        add(subject, value);
        System.out.printf(Locale.ROOT, "round %d: %-50s %10.2f %s%n", round, subject, value, unit);
    }

    double median(String subject) {
        List<Double> sorted = values.get(subject).stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Returns how many times the floor's median the subject's is. */
    double ratio(String subject, String floor) {
        return median(subject) / median(floor);
    }

    Goal atLeast(String subject, double least, String floor) {
        return Goal.atLeast(subject, floor, ratio(subject, floor), least);
    }

    Chart chart(String title, String unit) {
        return new Chart(
                title,
                unit,
                values.entrySet().stream()
                        .map(each -> new Chart.Bar(
                                each.getKey(),
                                median(each.getKey()),
                                Collections.min(each.getValue()),
                                Collections.max(each.getValue())))
                        .toList());
    }
}
