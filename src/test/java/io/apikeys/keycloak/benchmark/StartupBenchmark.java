package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.support.DatabaseServer;
import io.apikeys.keycloak.support.ProductionKeycloak;
import java.io.IOException;
import java.util.List;

/** How much longer Keycloak takes to start with this extension in it. */
record StartupBenchmark() implements Part {

    private static final int TIMES = 3;

    @Override
    public Section run() throws IOException, InterruptedException {
        Twins twins = Twins.build();
        Series seconds = new Series();
        try (DatabaseServer database = DatabaseServer.postgres()) {
            // Makes the tables.
            secondsToStart(twins.with(), database);
            for (int time = 1; time <= TIMES; time++) {
                seconds.add(Twins.WITH, secondsToStart(twins.with(), database), time, "s");
                seconds.add(Twins.WITHOUT, secondsToStart(twins.without(), database), time, "s");
            }
        }
        double more = seconds.median(Twins.WITH) - seconds.median(Twins.WITHOUT);
        return new Section(
                "Start-up",
                "From kc.sh start --optimized to the first answer of the realm master, with the tables there; median of "
                        + TIMES + ".",
                List.of(seconds.chart("Time until ready", "s")),
                List.of(Goal.atMostSecondsMore("start-up " + Twins.WITH, Twins.WITHOUT, more, 0.5)));
    }

    private static double secondsToStart(ProductionKeycloak keycloak, DatabaseServer database)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        ProductionKeycloak.Running running = keycloak.start(database);
        double seconds = (System.nanoTime() - start) / 1e9;
        running.close();
        return seconds;
    }
}
