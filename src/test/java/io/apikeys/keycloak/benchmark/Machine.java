package io.apikeys.keycloak.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Shell;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The machine that a run was on, in words. */
final class Machine {

    private static final double GIBIBYTE = 1 << 30;

    private Machine() {}

    /** Returns what it is, and how busy it is now. */
    static List<String> describe() throws IOException, InterruptedException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return List.of(
                system.getAvailableProcessors() + " cores, " + processor(),
                String.format(Locale.ROOT, "%.0f GiB of memory", system.getTotalMemorySize() / GIBIBYTE),
                system.getName() + " " + system.getVersion() + " " + system.getArch(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                "Keycloak " + KeycloakServer.required("keycloak.version"),
                Shell.run(new ProcessBuilder("psql", "--version")).output().strip(),
                String.format(
                        Locale.ROOT,
                        "load average %.1f before the run: %s",
                        system.getSystemLoadAverage(),
                        system.getSystemLoadAverage() < 1 ? "quiet" : "the machine has other work"));
    }

    private static String processor() throws IOException {
        Path description = Path.of("/proc/cpuinfo");
        if (!Files.exists(description)) {
            return "processor unknown";
        }
        try (var lines = Files.lines(description)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("processor unknown");
        }
    }
}
