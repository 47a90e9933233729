package io.apikeys.keycloak.support;

import dasniko.testcontainers.keycloak.KeycloakContainer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.utility.MountableFile;

/** The official image, through testcontainers-keycloak. */
final class ContainerServer implements KeycloakServer {

    private static final String HOME = "/opt/keycloak";

    private final KeycloakContainer container;

    private ContainerServer(KeycloakContainer container) {
        this.container = container;
    }

    static KeycloakServer start() {
        try {
            // Not a temporary file of its own, which nobody else could read, not even Keycloak's user in the container.
            return start(TestExtension.writeTo(
                    Files.createTempDirectory("test-extension").resolve("test-extension.jar")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeycloakServer start(Path testExtension) {
        KeycloakContainer container = new KeycloakContainer(
                        "quay.io/keycloak/keycloak:" + KeycloakServer.required("keycloak.version"))
                .withProviderLibsFrom(
                        List.of(new File(KeycloakServer.required("keycloak.extension.jar")), testExtension.toFile()))
                .withAdminUsername(ADMIN)
                .withAdminPassword(ADMIN_PASSWORD)
                .withEnabledMetrics()
                .withEnv("KC_SPI_API_KEY_USAGE__DEFAULT__WRITE_SECONDS", "" + WRITE_SECONDS)
                .withEnv("KC_SPI_API_KEY_USAGE__DEFAULT__USER_STORAGE_SECONDS", "" + USER_STORAGE_SECONDS)
                .withEnv("KC_SPI_EVENTS_LISTENER__API_KEY_UPKEEP__SECONDS", "" + UPKEEP_SECONDS)
                .withEnv("KC_SPI_EVENTS_LISTENER__API_KEY_UPKEEP__UNCONFIRMED_SECONDS", "" + UNCONFIRMED_SECONDS)
                .withEnv("KC_LOG_LEVEL", LOG_LEVEL);
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return new ContainerServer(container);
    }

    @Override
    public String url() {
        return container.getAuthServerUrl();
    }

    @Override
    public String managementUrl() {
        return container.getMgmtServerUrl();
    }

    @Override
    public String log() {
        return container.getLogs();
    }

    @Override
    public byte[] database() throws IOException {
        try {
            ExecResult files = container.execInContainer("bash", "-c", "base64 -w0 < <(cat " + HOME + "/data/h2/*)");
            return Base64.getDecoder().decode(files.getStdout().strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public Shell.Result execute(List<String> command) throws IOException, InterruptedException {
        List<String> withPath = new ArrayList<>(List.of("env", "PATH=" + HOME + "/bin:/usr/local/bin:/usr/bin:/bin"));
        withPath.addAll(command);
        ExecResult result = container.execInContainer(StandardCharsets.UTF_8, withPath.toArray(String[]::new));
        return new Shell.Result(result.getExitCode(), result.getStdout() + result.getStderr());
    }

    @Override
    public String urlForCommands() {
        return "http://localhost:8080";
    }

    /** The bridge between this machine and its containers; loopback is out of a container's reach. */
    @Override
    public InetAddress reachableAddress() throws IOException {
        return InetAddress.getByName(container.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
                .findFirst()
                .orElseThrow()
                .getGateway());
    }

    @Override
    public String pathForCommands(Path file) {
        String copy = "/tmp/" + file.getFileName();
        container.copyFileToContainer(MountableFile.forHostPath(file), copy);
        return copy;
    }
}
