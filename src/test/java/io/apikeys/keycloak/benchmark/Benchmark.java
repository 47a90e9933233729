package io.apikeys.keycloak.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * {@code mvn -Pbenchmark}: how fast this extension is, against something else on the same servers and in the same run:
 * machines differ, and this one may have other work. Keycloak runs as in production, on PostgreSQL.
 */
public final class Benchmark {

    /** By name. The first needs the machine for itself, so it runs before the server of all others is there. */
    private static final Map<String, Function<Options, Part>> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("startup", options -> new StartupBenchmark());
        PARTS.put("doors", DoorsBenchmark::new);
        PARTS.put("holders", HoldersBenchmark::new);
        PARTS.put("peers", PeersBenchmark::new);
        PARTS.put("inventory", options -> new InventoryBenchmark());
        PARTS.put("users", UsersBenchmark::new);
        PARTS.put("heap", options -> new HeapBenchmark());
    }

    private Benchmark() {}

    /** Takes no arguments; Maven passes what it needs as system properties. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.read(PARTS.keySet());
        } catch (IllegalArgumentException invalid) {
            end(invalid.getMessage(), 1);
            return;
        }
        String missing = Programs.missing(options.parts());
        if (!missing.isEmpty()) {
            end(missing, 1);
            return;
        }
        Report report = run(options);
        Path html = options.directory().resolve("benchmark.html");
        Files.writeString(html, HtmlReport.of(report));
        String markdown = MarkdownReport.of(report);
        Files.writeString(options.directory().resolve("benchmark.md"), markdown);
        end(markdown + "\nWith plots: " + html, report.failures().isEmpty() ? 0 : 1);
    }

    /** Ends Maven, too: it waits for the server otherwise, whose shutdown hook waits for Maven. */
    private static void end(String message, int status) {
        System.out.println("\n" + message);
        System.exit(status);
    }

    private static Report run(Options options) throws IOException, InterruptedException {
        Report report = new Report(options.command(), Machine.describe());
        for (String name : options.parts()) {
            System.out.println("\nPart " + name);
            try {
                report.add(PARTS.get(name).apply(options).run());
            } catch (IOException | RuntimeException | AssertionError e) {
                e.printStackTrace();
                report.addFailure(name, e.toString());
            }
        }
        return report;
    }
}
