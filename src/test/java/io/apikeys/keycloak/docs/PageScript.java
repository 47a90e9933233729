package io.apikeys.keycloak.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Secrets;
import io.apikeys.keycloak.support.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The commands of a page: its blocks of {@code bash}, in their order, as one script, as somebody types them who reads the page. They run in a
 * folder of their own, which is their home, too, because {@code kcadm.sh} keeps its token there.
 *
 * <p>Pages name the server {@code http://localhost:8080} or {@code https://keycloak.example.org}, the realm {@code my-realm} and the folder of
 * Keycloak {@code /opt/keycloak}: here, those of the test stand in their place.
 *
 * @param realm the name of the realm
 * @param home an empty folder
 */
record PageScript(MarkdownPage page, String realm, Path home) {

    /** What somebody has done before who reads any page but the first ones: README's block that signs the administrator in. */
    private static final String SIGNED_IN =
            "kcadm.sh config credentials --server http://localhost:8080 --realm master --user admin";

    private static final String END_OF_BLOCK = "-- end of block --";

    static Path kcadm() {
        return distribution().resolve("bin/kcadm.sh");
    }

    private static Path distribution() {
        return Path.of(KeycloakServer.required("keycloak.home"));
    }

    /** Runs the commands, and returns what each block prints; fails if any command does. */
    List<String> run() throws IOException, InterruptedException {
        return run("");
    }

    /** As {@link #run()}, for a page whose reader has signed in already. */
    List<String> runSignedIn() throws IOException, InterruptedException {
        return run("export PATH=$PATH:/opt/keycloak/bin\n" + SIGNED_IN + "\n");
    }

    private List<String> run(String before) throws IOException, InterruptedException {
        Path scripts = Files.createDirectory(home.resolve("docs"));
        for (String script : List.of("enable-api-key-login.sh", "disable-api-key-login.sh")) {
            Files.copy(Path.of("docs", script), scripts.resolve(script));
        }
        StringBuilder commands =
                new StringBuilder("set -euo pipefail\n").append(before).append(endOfBlock());
        page.blocks("bash").forEach(block -> commands.append(block).append(endOfBlock()));

        ProcessBuilder bash = new ProcessBuilder("bash", "-c", adapted(commands.toString())).directory(home.toFile());
        bash.environment()
                .putAll(Map.of(
                        "HOME",
                        home.toString(),
                        "KC_CLI_PASSWORD",
                        KeycloakServer.ADMIN_PASSWORD,
                        "KC_OPTS",
                        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Duser.home=" + home));
        Shell.Result result = Shell.run(bash);
        registerKeys();
        assertThat(result.exitCode()).as(result.output()).isZero();
        List<String> printed = Stream.of(result.output().split(END_OF_BLOCK + "\n", -1))
                .map(String::strip)
                .toList();
        return printed.subList(1, printed.size() - 1);
    }

    private String adapted(String script) {
        return script.replace("/opt/keycloak", distribution().toString())
                .replace("http://localhost:8080", KeycloakServer.running().url())
                .replace(
                        "https://keycloak.example.org", KeycloakServer.running().url())
                .replace("my-realm", realm);
    }

    /** Notes the key that the page has made, before a later block removes it. */
    private static String endOfBlock() {
        return "\n{ cat key.txt && echo; } >> issued-keys.txt 2> /dev/null || true\necho '" + END_OF_BLOCK + "'\n";
    }

    private void registerKeys() throws IOException {
        try (Stream<String> keys = Files.lines(home.resolve("issued-keys.txt"))) {
            keys.filter(key -> !key.isBlank()).forEach(Secrets::register);
        }
    }
}
