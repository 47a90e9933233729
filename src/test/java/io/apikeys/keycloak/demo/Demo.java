package io.apikeys.keycloak.demo;

import io.apikeys.keycloak.support.KeycloakProcess;
import io.apikeys.keycloak.support.KeycloakServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * {@code mvn -Pdemo}: Keycloak with the realm of {@code realm-export.json}, the programs in {@code examples/}, and a key to try them with.
 */
public final class Demo {

    private static final String USER = "alice";

    private final Path project = Path.of(KeycloakServer.required("demo.project"));
    private final Path directory = Path.of(KeycloakServer.required("demo.directory"));
    private final DemoPort keycloakPort = DemoPort.of("demo.keycloak.port");
    private final DemoPort dashboardPort = DemoPort.of("demo.dashboard.port");
    private final DemoPort reportsPort = DemoPort.of("demo.reports.port");
    private final DemoPort billingPort = DemoPort.of("demo.billing.port");
    private final String keycloakUrl = "http://localhost:" + keycloakPort.number();
    private final String realmUrl = keycloakUrl + "/realms/demo";
    private final ExamplePrograms programs =
            new ExamplePrograms(dashboardPort.number(), billingPort.number(), reportsPort.number());
    private final String adminPassword = UUID.randomUUID().toString();

    private Demo() {}

    /** Takes no arguments; Maven passes what it needs as system properties. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            new Demo().run();
        } catch (DemoException clear) {
            // Not thrown on: Maven would bury the message under its own.
            System.err.println("\n" + clear.getMessage() + "\n");
            System.exit(1);
        }
    }

    private void run() throws IOException, InterruptedException {
        for (DemoPort port : List.of(keycloakPort, dashboardPort, reportsPort, billingPort)) {
            port.requireFree();
        }
        Files.createDirectories(directory);

        List<DemoProcess> processes = new ArrayList<>();
        ScheduledExecutorService clock = sayingHowLongItTakes();
        String welcome;
        try {
            processes.add(startKeycloak());
            try (DemoRealm realm = new DemoRealm(keycloakUrl, adminPassword)) {
                System.out.println("The example programs are starting; their logs are in " + directory);
                processes.addAll(programs.start(project, directory, realmUrl, realm.secretOf("reports-api")));
                welcome = welcome(realm.makeKey(USER), realm.makePassword(USER));
            }
        } finally {
            clock.shutdownNow();
        }

        System.out.println(welcome);
        CompletableFuture.anyOf(processes.stream()
                        .map(started -> started.process().onExit())
                        .toArray(CompletableFuture[]::new))
                .join();
        throw new DemoException("The demo has ended. If you did not stop it, the logs say why: " + directory);
    }

    private DemoProcess startKeycloak() throws IOException, InterruptedException {
        KeycloakProcess started = KeycloakProcess.start(
                Path.of(KeycloakServer.required("keycloak.home")),
                Path.of(KeycloakServer.required("keycloak.extension.jar")),
                keycloakPort.number(),
                directory.resolve("keycloak.log"),
                adminPassword,
                programs.adapt(Files.readString(project.resolve("realm-export.json"))));
        DemoProcess keycloak = new DemoProcess("Keycloak", started.process(), started.log());
        System.out.println("Keycloak is starting; its log is " + keycloak.log());
        keycloak.awaitReady(realmUrl);
        return keycloak;
    }

    private static ScheduledExecutorService sayingHowLongItTakes() {
        long start = System.nanoTime();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        var unused = clock.scheduleAtFixedRate(
                () -> System.out.println("  … " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + " s"),
                5,
                5,
                TimeUnit.SECONDS);
        return clock;
    }

    private String welcome(String key, String password) {
        return """

                The demo is running.

                  1. Open the dashboard    %1$s
                  2. Paste the key
                     of user %2$s         %3$s
                  3. Open Billing          %4$s
                     You are signed in there already.
                  4. In a private window, open the dashboard again and sign in
                     as %2$s: "Try Another Way", then username and password
                     %2$s, password       %5$s
                     Open "API keys" and revoke the key "demo": the first
                     window is signed out of both programs within seconds.

                  All keys of the realm    %6$s/realms/master/api-keys/console
                  Admin console            %6$s/admin
                    user %7$s, password   %8$s

                  Stop it all              Ctrl-C
                """.formatted(
                        programs.dashboardUrl(),
                        USER,
                        key,
                        programs.billingUrl(),
                        password,
                        keycloakUrl,
                        KeycloakServer.ADMIN,
                        adminPassword);
    }
}
