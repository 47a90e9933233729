package io.apikeys.keycloak.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The programs in {@code examples/}, on these ports: the dashboard, the same once more as a second program, and the
 * API whose report both show.
 */
record ExamplePrograms(int dashboardPort, int billingPort, int reportsPort) {

    static final Path DASHBOARD = Path.of("examples", "dashboard", "target", "dashboard.jar");
    static final Path REPORTS_API = Path.of("examples", "reports-api", "target", "reports-api.jar");

    private static final Pattern ORIGIN = Pattern.compile("http://localhost:(8090|8092)");

    String dashboardUrl() {
        return "http://localhost:" + dashboardPort;
    }

    String billingUrl() {
        return "http://localhost:" + billingPort;
    }

    private String reportUrl() {
        return "http://127.0.0.1:" + reportsPort + "/report";
    }

    /** Returns the realm of {@code realm-export.json} for programs on these ports. */
    String adapt(String realm) {
        return ORIGIN.matcher(realm)
                .replaceAll(origin -> origin.group(1).equals("8090") ? dashboardUrl() : billingUrl());
    }

    /**
     * Starts all three, from the project's directory, and waits for them.
     *
     * @param logs where their logs go, beside copies of the programs
     * @param realmUrl of the realm that users sign in to
     * @param reportsSecret of the API's client in this realm
     */
    List<DemoProcess> start(Path project, Path logs, String realmUrl, String reportsSecret)
            throws IOException, InterruptedException {
        Path dashboardJar = project.resolve(DASHBOARD);
        DemoProcess reports = DemoProcess.start(
                "reports-api",
                logs,
                project.resolve(REPORTS_API),
                List.of(
                        "--server.port=" + reportsPort,
                        "--spring.security.oauth2.resourceserver.opaquetoken.introspection-uri=" + realmUrl
                                + "/protocol/openid-connect/token/introspect"),
                Map.of("REPORTS_API_SECRET", reportsSecret));
        DemoProcess dashboard = DemoProcess.start(
                "dashboard", logs, dashboardJar, options("default", dashboardPort, realmUrl, billingUrl()), Map.of());
        DemoProcess billing = DemoProcess.start(
                "billing", logs, dashboardJar, options("billing", billingPort, realmUrl, dashboardUrl()), Map.of());
        reports.awaitAnswer(reportUrl());
        dashboard.awaitReady(dashboardUrl() + "/signed-out");
        billing.awaitReady(billingUrl() + "/signed-out");
        return List.of(dashboard, billing, reports);
    }

    private List<String> options(String profile, int port, String realmUrl, String otherUrl) {
        return List.of(
                "--spring.profiles.active=" + profile,
                "--server.port=" + port,
                "--spring.security.oauth2.client.provider.keycloak.issuer-uri=" + realmUrl,
                "--product.report=" + reportUrl(),
                "--product.other.url=" + otherUrl);
    }
}
