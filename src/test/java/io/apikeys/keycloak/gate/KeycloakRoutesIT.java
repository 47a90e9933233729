package io.apikeys.keycloak.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every endpoint of the Keycloak that the tests run on is in {@code key-routes.txt}, with what a key may do there. A new one makes
 * this test fail until somebody has decided; until then keys do not reach it.
 */
class KeycloakRoutesIT {

    private static final Path LIST = Path.of("src/test/resources/key-routes.txt");

    /** A path and a class in each line: where Keycloak puts resource classes that it finds among its providers. */
    private static final Path MOUNTS = Path.of("src/test/resources/keycloak-mounts.txt");

    @Test
    void everyEndpointOfKeycloakIsListed() throws IOException {
        Path home = Path.of(System.getProperty("keycloak.home"));
        assumeTrue(Files.isDirectory(home), "There is no unpacked distribution at " + home);
        KeycloakRoutes keycloak = new KeycloakRoutes(home, mounts());

        Set<String> found = keycloak.routes().stream()
                .map(KeycloakRoutesIT::decided)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(keycloak.withoutPath())
                .as("classes with endpoints at no known path")
                .isEmpty();
        assertThat(found).as("endpoints in no list").isNotEmpty().isSubsetOf(Files.readAllLines(LIST));
    }

    private static Map<String, String> mounts() throws IOException {
        return Files.readAllLines(MOUNTS).stream()
                .map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(parts -> parts[1], parts -> parts[0]));
    }

    /** Says of a route which keys reach it: any, those that may administer, those that may change credentials, or none. */
    private static String decided(String route) {
        String[] parts = route.split(" ", 2);
        String path = parts[1].replaceAll("\\{[^}]*\\}", "x");
        Map<String, KeyRights> keys = new LinkedHashMap<>();
        keys.put("any key", new KeyRights(false, false, false, List.of()));
        keys.put("administering", new KeyRights(false, true, false, List.of()));
        keys.put("managing credentials", new KeyRights(false, true, true, List.of()));
        Route of = Route.of(parts[0], path);
        String who = of.isOpen()
                ? "open"
                : keys.entrySet().stream()
                        .filter(key -> of.decide(key.getValue()) == Decision.ALLOWED)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse("no key");
        return who + ": " + route;
    }
}
