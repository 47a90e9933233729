package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.support.DatabaseServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The programs that the benchmark uses, from Debian's packages. */
final class Programs {

    private static final Pattern COLON = Pattern.compile(":");

    private Programs() {}

    /** Returns what has to be installed for these parts; empty if everything is there. */
    static String missing(List<String> parts) {
        List<String> packages = new ArrayList<>();
        if (!DatabaseServer.hasPostgres() || !isThere("psql")) {
            packages.add("postgresql");
        }
        if (!isThere("ab")) {
            packages.add("apache2-utils");
        }
        if (!isThere("hey")) {
            packages.add("hey");
        }
        if (parts.contains("peers") && !(isThere("node") && isThere("npm"))) {
            packages.add("npm");
        }
        return packages.isEmpty()
                ? ""
                : "Install what the benchmark needs: apt-get install " + String.join(" ", packages);
    }

    private static boolean isThere(String program) {
        return COLON.splitAsStream(System.getenv("PATH"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
