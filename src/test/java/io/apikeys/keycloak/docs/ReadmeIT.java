package io.apikeys.keycloak.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.NewRealm;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of README and of the pages that it leads to, as they stand there. README's two Maven commands are what runs this test: CI runs
 * {@code mvn verify}, and {@code mvn -Pdemo} starts what the other tests start.
 */
class ReadmeIT {

    private static final MarkdownPage GETTING_STARTED = MarkdownPage.of("getting-started");
    private static final MarkdownPage ADMINISTRATORS = MarkdownPage.of("administrators");
    private static final MarkdownPage AUDIT = MarkdownPage.of("audit");
    private static final MarkdownPage REST = MarkdownPage.of("rest");
    private static final MarkdownPage DEVELOPERS = MarkdownPage.of("developers");
    private static final MarkdownPage GATEWAY = MarkdownPage.of("gateway");

    /** The pages whose commands run here. */
    static final List<MarkdownPage> PAGES =
            List.of(MarkdownPage.README, GETTING_STARTED, ADMINISTRATORS, AUDIT, REST, DEVELOPERS, GATEWAY);

    @TempDir
    private Path home;

    @BeforeEach
    void theProgramsAreThere() {
        List<Path> programs = List.of(Path.of("/usr/bin/curl"), Path.of("/usr/bin/jq"), PageScript.kcadm());
        boolean there = programs.stream().allMatch(Files::isExecutable);
        if (!there) {
            System.err.println("Skipped: one of these is not there: " + programs);
        }
        assumeTrue(there, "curl, jq or kcadm.sh is not there");
    }

    @Test
    void readmeEnablesKeysIssuesOneUsesItAndRevokesIt() throws Exception {
        TestRealm realm = NewRealm.withBuiltInFlows();

        List<String> printed = new PageScript(MarkdownPage.README, realm.name(), home).run();

        assertThat(printed).hasSize(4);
        assertThat(printed.get(0)).contains("now offers API keys under \"Try another way\"");
        JsonNode issued = Json.read(lastLine(printed.get(1)));
        assertThat(issued.get("username").textValue()).isEqualTo("alice");
        assertThat(issued.get("key").textValue()).startsWith("kck_");
        assertThat(printed.get(2)).contains(" 200", "X-Auth-Username: alice");
        assertThat(realm.keys().list(Map.of()).keys()).isEmpty();
        assertThat(home.resolve("key.txt")).doesNotExist();
    }

    @Test
    void gettingStartedGoesFromNoRealmToATokenAndBack() throws Exception {
        String realm = "it-" + UUID.randomUUID();

        List<String> printed = new PageScript(GETTING_STARTED, realm, home).run();

        assertThat(printed).hasSize(5);
        assertThat(printed.get(0)).contains("API keys enabled: true", "Login with an API key: true");
        assertThat(printed.get(1)).contains("\"hint\": \"kck_…").doesNotContain("\"key\"");
        assertThat(printed.get(2)).contains(" 200", "X-Auth-Email: ", "X-Auth-Name: Alice%20Example");
        assertThat(printed.get(3)).contains("\"token_type\": \"Bearer\"", "\"expires_in\": ");
        assertThat(lastLine(printed.get(4))).isEqualTo("401");
    }

    @Test
    void administratorsSetThePolicy() throws Exception {
        TestRealm realm = TestRealm.create();

        List<String> printed = new PageScript(ADMINISTRATORS, realm.name(), home).runSignedIn();

        assertThat(printed).hasSize(1);
        assertThat(printed.get(0)).contains("\"prefix\" : \"acme\"", "\"longest-expiry-days\" : \"365\"");
        assertThat(realm.keyOfSomebody().raw()).startsWith("acme_");
    }

    @Test
    void administratorsRevokeLeakedKeysAndStopAllKeys() throws Exception {
        TestRealm realm = TestRealm.create();
        User alice = realm.user("alice");
        realm.key(alice);
        realm.key(alice);
        RawKey found = realm.key(realm.user("bob"));
        RawKey other = realm.key(realm.user("carol"));
        Files.writeString(home.resolve("found-key.txt"), found.raw());

        List<String> printed = new PageScript(AUDIT, realm.name(), home).runSignedIn();

        assertThat(printed).hasSize(3);
        assertThat(printed.get(1)).contains("\"alice\"", "\"carol\"").doesNotContain("\"bob\"");
        assertThat(lastLine(printed.get(1))).as("carol's key is left").isEqualTo("1");
        assertThat(realm.gateway().check(other.raw()).statusCode()).isEqualTo(401);
    }

    @Test
    void programsIssueAndRevokeKeysOverRest() throws Exception {
        TestRealm realm = TestRealm.create();

        List<String> printed = new PageScript(REST, realm.name(), home).runSignedIn();

        assertThat(printed).hasSize(2);
        assertThat(printed.get(1))
                .contains(lastLine(printed.get(0)), "\"username\" : \"newcomer\"", "\"windowSeconds\" : 60");
        assertThat(realm.keys().list(Map.of()).keys()).isEmpty();
        assertThat(realm.users().existing("newcomer").id()).isNotEmpty();
    }

    @Test
    void developersExchangeIntrospectAndRevokeAKey() throws Exception {
        TestRealm realm = TestRealm.create();
        User alice = realm.user("alice");
        keyFile(realm.key(alice));

        List<String> printed = new PageScript(DEVELOPERS, realm.name(), home).runSignedIn();

        assertThat(printed).hasSize(3);
        assertThat(printed.get(0)).contains("\"access_token\":\"");
        JsonNode introspected = Json.read(printed.get(1));
        assertThat(introspected.get("active").booleanValue()).isTrue();
        assertThat(introspected.get("token_type").textValue()).isEqualTo("api_key");
        assertThat(introspected.get("sub").textValue()).isEqualTo(alice.id());
        assertThat(realm.keys().list(Map.of()).keys()).isEmpty();
    }

    @Test
    void gatewaysAskForARoleAndMore() throws Exception {
        TestRealm realm = TestRealm.create();
        User alice = realm.user("alice");
        realm.users().giveRole(alice, "accountant");
        keyFile(realm.key(alice));

        List<String> printed = new PageScript(GATEWAY, realm.name(), home).runSignedIn();

        assertThat(printed).hasSize(1);
        assertThat(printed.get(0)).contains(" 200", "X-Auth-Username: alice", "X-Auth-Roles: ", "accountant");
    }

    private void keyFile(RawKey key) throws IOException {
        Files.writeString(home.resolve("key.txt"), key.raw());
    }

    private static String lastLine(String printed) {
        return Stream.of(printed.split("\n")).reduce((earlier, later) -> later).orElse("");
    }
}
