package io.apikeys.keycloak.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.PolicyDoors;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.StoredKey;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.representations.idm.PartialImportRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** A policy that is stored and cannot be read, as an earlier version may have left it, makes no keys. */
class UnreadablePolicyIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final PolicyDoors doors = new PolicyDoors(realm);
    private final KeysApi admin = realm.keys();

    @ParameterizedTest
    @CsvSource({
        "longest-expiry-days, soon",
        "longest-expiry-days, -1",
        "expiry-required, yes",
        "default-expiry-days, 30 days",
        "max-keys-per-user, many",
        "who-makes-keys, everybody",
        "max_auth_age, abc",
        "keys-administer, yes",
    })
    void noWayOfMakingAKeyIsLeft(String setting, String value) throws Exception {
        RawKey key = realm.key(alice);
        KeysApi own = realm.keysOf(alice);
        admin.change(key.id(), Map.of("enabled", false));
        admin.change(key.id(), Map.of("enabled", true));
        Map<String, String> policy = new HashMap<>(Map.of("key-sessions-manage-keys", "true"));
        policy.put(setting, value);
        Map<String, String> newcomer = Map.of(
                "username", "newcomer", "email", "newcomer@example.org", "firstName", "New", "lastName", "Comer");

        doors.store(policy);

        refused(setting, admin.create(Map.of("userId", alice.id(), "name", "one")));
        refused(setting, admin.create(Map.of("userId", alice.id(), "name", "one", "expiresIn", 60)));
        refused(setting, admin.create(Map.of("user", newcomer, "name", "one")));
        refused(setting, own.create(Map.of("name", "one", "expiresIn", 60)));
        refused(setting, admin.rotate(key.id(), null));
        refused(setting, own.rotate(key.id(), null));
        refused(setting, KeysApi.selfService(realm, key.raw()).rotateItself(null));
        refused(setting, admin.change(key.id(), Map.of("expiresIn", 86_400)));
        refused(setting, admin.change(key.id(), Map.of("enabled", true)));
        refused(setting, own.change(key.id(), Map.of("enabled", true)));
        JsonNode imported = admin.importKeys(Map.of("userId", alice.id(), "name", "one", "hash", "A".repeat(43)))
                .body()
                .get(0);
        assertThat(imported.path("status").intValue()).isEqualTo(403);
        assertThat(imported.at("/error/errorMessage").textValue()).contains(setting + " ");
        assertThat(admin.list(Map.of()).keys()).hasSize(1);
        assertThat(realm.admin().users().searchByUsername("newcomer", true)).isEmpty();

        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200);
        assertThat(admin.change(key.id(), Map.of("name", "renamed")).status()).isEqualTo(200);
        assertThat(own.change(key.id(), Map.of("enabled", false)).status()).isEqualTo(200);
        assertThat(own.delete(key.id()).status()).isEqualTo(204);
        assertThat(warnings()).as("once, however many requests").containsExactly(setting);
    }

    @Test
    void whoIsMadeToMakeAKeyGoesOnWithoutOne() {
        doors.store(Map.of("expiry-required", "yes"));
        realm.users().requireAction(alice, "CREATE_API_KEY");

        assertThat(realm.app()
                        .logIn(new Browser())
                        .logIn("alice", TestRealm.PASSWORD)
                        .isBackAtTheApp())
                .isTrue();
    }

    @Test
    void keysGoOnAsFarAsTheSettingsThatCanBeReadAllow() {
        realm.users().makeAdministrator(alice);
        realm.setPolicy(Map.of("keys-administer", "true"));
        String token = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser())
                        .tryApiKey()
                        .typeKey(realm.key(alice).raw()))
                .access();
        String users = "/admin/realms/" + realm.name() + "/users";

        doors.store(Map.of("keys-administer", "true", "prefix", "A"));
        assertThat(Rest.with(token).status("GET", users)).isEqualTo(200);

        doors.store(Map.of("keys-administer", "yes"));
        assertThat(Rest.with(token).status("GET", users)).isEqualTo(403);
    }

    @Test
    void noExpiredKeyIsDeletedUntilItIsKnownHowLongItIsKept() throws Exception {
        TestRealm other = TestRealm.create();
        doors.store(Map.of("retention-days", "for ever"));
        String kept = importExpired(realm);
        String deleted = importExpired(other);

        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(
                                other.keys().list(Map.of("userId", deleted)).keys())
                        .isEmpty());
        Thread.sleep(Duration.ofSeconds(2L * KeycloakServer.UPKEEP_SECONDS).toMillis());
        assertThat(admin.list(Map.of("userId", kept)).keys()).hasSize(1);

        realm.setPolicy(Map.of("retention-days", "30"));
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() ->
                        assertThat(admin.list(Map.of("userId", kept)).keys()).isEmpty());
    }

    @Test
    void savingAPolicyMakesKeysPossibleAgain() {
        doors.store(Map.of("longest-expiry-days", "soon"));
        refused("longest-expiry-days", admin.create(Map.of("userId", alice.id(), "name", "one")));

        assertThat(realm.setPolicy(Map.of("longest-expiry-days", "30"))).isEqualTo(204);

        assertThat(admin.create(Map.of("userId", alice.id(), "name", "one")).status())
                .isEqualTo(201);
    }

    private static void refused(String setting, Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(403);
        assertThat(answer.errorMessage()).contains("policy", setting + " ", "Required actions");
    }

    /** Returns the settings that the log complains of in this realm. */
    private List<String> warnings() throws Exception {
        String start = "Realm " + realm.name() + ": the policy for API keys cannot be read: ";
        return KeycloakServer.running()
                .log()
                .lines()
                .filter(line -> line.contains(start))
                .map(line ->
                        line.substring(line.indexOf(start) + start.length()).split(" ", 2)[0])
                .toList();
    }

    /** Imports a user with a key that expired long ago; returns the user's id. */
    private static String importExpired(TestRealm realm) {
        String id = UUID.randomUUID().toString();
        UserRepresentation user = StoredKey.heldBy(
                id,
                ApiKey.generate("kck", id, new SecureRandom()),
                "{'hint':'kck_…abcdef','expiresAt':'2020-01-01T00:00:00Z','enabled':true}");
        user.setUsername("holder");
        user.setEmail("holder@example.org");
        PartialImportRepresentation users = new PartialImportRepresentation();
        users.setIfResourceExists("FAIL");
        users.setUsers(List.of(user));
        realm.admin().partialImport(users).close();
        return realm.admin().users().searchByUsername("holder", true).get(0).getId();
    }
}
