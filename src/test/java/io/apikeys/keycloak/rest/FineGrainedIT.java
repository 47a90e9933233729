package io.apikeys.keycloak.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.FineGrainedPermissions;
import io.apikeys.keycloak.support.KeyAnswer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Keycloak's fine-grained admin permissions hold for keys, too. */
@Order(1)
class FineGrainedIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final User bob = realm.user("bob");
    private final User administrator = realm.user("administrator");
    private final FineGrainedPermissions permissions = realm.settings().turnFineGrainedPermissionsOn();
    private final KeysApi keys = realm.keysAsAdministrator(administrator);

    @Test
    void keysOfInvisibleUsersAreNeitherListedNorCounted() throws InterruptedException {
        RawKey ofAlice = realm.key(alice, Map.of("name", "alice 1", "expiresIn", 3600));
        RawKey ofBob = realm.key(bob, Map.of("name", "bob 1", "expiresIn", 3600));
        realm.key(alice, Map.of("name", "alice 2"));
        realm.key(bob, Map.of("name", "bob 2"));
        permissions.allow(administrator, "view").deny(administrator, bob, "view");
        Thread.sleep(1_100);

        for (Map<String, String> query : List.<Map<String, String>>of(
                Map.of(),
                Map.of("search", ""),
                Map.of("unusedSince", Instant.now().toString()))) {
            assertThat(names(keys.list(query))).containsExactly("alice 2", "alice 1");
            assertThat(keys.count(query).body().intValue()).isEqualTo(2);
        }
        Map<String, String> ending =
                Map.of("expiresBefore", Instant.now().plusSeconds(7200).toString());
        assertThat(names(keys.list(ending))).containsExactly("alice 1");
        assertThat(keys.count(ending).body().intValue()).isEqualTo(1);
        for (String search : List.of("bob", bob.id(), "bob 2")) {
            assertThat(keys.list(Map.of("search", search)).keys()).isEmpty();
            assertThat(keys.count(Map.of("search", search)).body().intValue()).isZero();
        }
        assertThat(keys.list(Map.of("userId", bob.id())).status()).isEqualTo(403);
        assertThat(keys.count(Map.of("userId", bob.id())).status()).isEqualTo(403);
        assertThat(keys.get(ofBob.id()).status()).isEqualTo(403);
        assertThat(keys.lookUp(ofBob.raw()).status()).isEqualTo(403);
        assertThat(keys.get(ofAlice.id()).status()).isEqualTo(200);
        assertThat(realm.keys().count(Map.of()).body().intValue()).isEqualTo(4);
        assertThat(realm.keysAsAdministratorWith("view-users")
                        .count(Map.of())
                        .body()
                        .intValue())
                .as("a role that sees all users")
                .isEqualTo(4);
    }

    @Test
    void pagesAreFullDespiteInvisibleKeys() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            realm.key(alice, Map.of("name", "alice " + i));
            realm.key(bob, Map.of("name", "bob " + i));
            Thread.sleep(2);
        }
        permissions.allow(administrator, "view").deny(administrator, bob, "view");

        List<String> all = new ArrayList<>();
        for (int first = 0; first < 6; first += 2) {
            JsonNode page = keys.list(Map.of("first", "" + first, "max", "2")).body();
            assertThat(page).hasSize(first < 4 ? 2 : 1);
            all.addAll(page.findValuesAsText("name"));
        }

        assertThat(all).containsExactly("alice 4", "alice 3", "alice 2", "alice 1", "alice 0");
        assertThat(keys.list(Map.of("first", "5")).keys()).isEmpty();
        assertThat(keys.list(Map.of("max", "0")).keys()).isEmpty();
    }

    @Test
    void withoutResettingPasswordsAManagerCannotIssueOrWidenKeys() {
        RawKey key = realm.key(alice);
        permissions.allow(administrator, "view", "manage").deny(administrator, alice, "reset-password");

        for (Answer refused : List.of(
                keys.create(Map.of("name", "x", "userId", alice.id())),
                keys.rotate(key.id(), null),
                keys.change(key.id(), Map.of("enabled", true)),
                keys.change(key.id(), Map.of("restrictions", Map.of("scopes", List.of("email")))),
                keys.change(key.id(), "{\"restrictions\":null}"),
                keys.change(key.id(), "{\"limits\":null}"),
                keys.change(key.id(), Map.of("metadata", Map.of("plan", "gold"))))) {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.errorMessage()).isEqualTo("You may not set credentials of this user.");
        }
        assertThat(keys.importKeys(Map.of("name", "x", "userId", alice.id(), "hash", "A".repeat(43)))
                        .body()
                        .at("/0/status")
                        .intValue())
                .isEqualTo(403);
        assertThat(keys.change(key.id(), Map.of("name", "renamed", "enabled", false))
                        .status())
                .isEqualTo(200);
        assertThat(keys.delete(key.id()).status()).isEqualTo(204);
        assertThat(keys.create(Map.of("name", "x", "userId", bob.id())).status())
                .as("somebody whose password may be reset")
                .isEqualTo(201);
    }

    @Test
    void aServiceAccountsKeyRequiresManagingItsClient() {
        realm.clients().serviceAccountToken("robot");
        Map<String, Object> asked = Map.of("name", "x", "username", "service-account-robot");
        permissions.allow(administrator, "view", "manage", "reset-password");
        assertThat(keys.create(asked).status()).isEqualTo(403);

        permissions.allowClient(administrator, realm.clients().client("robot").getId(), "view", "manage");

        assertThat(keys.create(asked).status()).isEqualTo(201);
    }

    private static List<String> names(Answer answer) {
        return answer.keys().stream().map(KeyAnswer::name).toList();
    }
}
