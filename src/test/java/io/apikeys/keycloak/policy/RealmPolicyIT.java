package io.apikeys.keycloak.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a realm settles about its keys binds everybody who makes one. */
@Order(1)
class RealmPolicyIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");

    @ParameterizedTest
    @CsvSource({
        "who-makes-keys, everybody",
        "prefix, A",
        "prefix, x",
        "prefix, a_b",
        "prefix, thirteenchars",
        "max-keys-per-user, 0",
        "max-keys-per-user, 1001",
        "max-keys-per-user, many",
        "default-expiry-days, -1",
        "longest-expiry-days, 0",
        "longest-expiry-days, 1.5",
        "last-use-resolution-seconds, 0",
        "retention-days, soon",
        "reminder-days, 99999999",
    })
    void nonsenseIsNotSaved(String setting, String value) {
        assertThat(realm.setPolicy(Map.of(setting, value))).isEqualTo(400);
    }

    @Test
    void theDefaultMayNotExceedTheLongest() {
        assertThat(realm.setPolicy(Map.of("default-expiry-days", "10", "longest-expiry-days", "9")))
                .isEqualTo(400);
        assertThat(realm.setPolicy(Map.of("default-expiry-days", "9", "longest-expiry-days", "10")))
                .isEqualTo(204);
    }

    @Test
    void aNewPrefixIsForNewKeysAndOldOnesGoOnWorking() {
        RawKey old = realm.key(alice);
        realm.setPolicy(Map.of("prefix", "acme"));
        RawKey young = realm.key(alice);

        assertThat(young.raw()).startsWith("acme_");
        assertThat(realm.gateway().check(young.raw()).statusCode()).isEqualTo(200);
        assertThat(realm.gateway().check(old.raw()).statusCode()).isEqualTo(200);
    }

    @Test
    void aUserHasNoMoreKeysThanTheRealmAllows() {
        realm.setPolicy(Map.of("max-keys-per-user", "1"));
        RawKey only = realm.key(alice);

        for (KeysApi keys : List.of(realm.keys(), realm.keysOf(alice))) {
            assertThat(create(keys, Map.of()).status()).isEqualTo(409);
        }
        assertThat(realm.keysOf(alice).rotate(only.id(), null).status()).isEqualTo(201);
        assertThat(realm.keys().list(Map.of("userId", alice.id())).keys()).hasSize(1);
    }

    @Test
    void aKeyOfWhichNobodySaysWhenItEndsEndsAsTheRealmSays() {
        realm.setPolicy(Map.of("default-expiry-days", "30"));

        assertThat(expiry(create(realm.keysOf(alice), Map.of()))).isEqualTo(Duration.ofDays(30));
        Map<String, Object> never = new HashMap<>();
        never.put("expiresAt", null);
        assertThat(create(realm.keys(), never).body().get("expiresAt").isNull()).isTrue();
    }

    @Test
    void noKeyLivesLongerThanTheRealmAllows() {
        RawKey endless = realm.key(alice);
        realm.setPolicy(Map.of("longest-expiry-days", "30"));
        Map<String, Object> never = new HashMap<>();
        never.put("expiresAt", null);

        for (KeysApi keys : List.of(realm.keys(), realm.keysOf(alice))) {
            assertThat(create(keys, Map.of("expiresIn", 31 * 86_400)).field()).isEqualTo("expiresAt");
            assertThat(create(keys, never).field()).isEqualTo("expiresAt");
            assertThat(create(keys, Map.of("expiresIn", 30 * 86_400 - 10)).status())
                    .isEqualTo(201);
        }
        assertThat(expiry(create(realm.keys(), Map.of()))).isEqualTo(Duration.ofDays(30));
        assertThat(expiry(realm.keysOf(alice).rotate(endless.id(), null)))
                .as("a successor obeys, too")
                .isEqualTo(Duration.ofDays(30));
    }

    @Test
    void anExpiryCanBeRequired() {
        realm.setPolicy(Map.of("expiry-required", "true"));

        assertThat(create(realm.keys(), Map.of()).field()).isEqualTo("expiresAt");
        assertThat(create(realm.keysOf(alice), Map.of("expiresIn", 60)).status())
                .isEqualTo(201);
    }

    @Test
    void keySessionsManageKeysWhereTheRealmSaysSo() {
        KeysApi byKey = KeysApi.selfService(
                realm,
                realm.app()
                        .tokens(realm.app()
                                .logIn(new Browser())
                                .tryApiKey()
                                .typeKey(realm.key(alice).raw()))
                        .access());
        assertThat(create(byKey, Map.of()).status()).isEqualTo(403);

        realm.setPolicy(Map.of("key-sessions-manage-keys", "true"));

        Answer made = create(byKey, Map.of());
        assertThat(made.status()).isEqualTo(201);
        assertThat(byKey.delete(made.key().id()).status()).isEqualTo(204);
    }

    @Test
    void aNarrowedKeyMakesKeysThatAreAsNarrowThen() {
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true"));
        RawKey narrowed = realm.key(
                alice, Map.of("name", "narrowed", "restrictions", Map.of("cidrs", List.of("0.0.0.0/0", "::/0"))));
        String token = realm.app()
                .tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(narrowed.raw()))
                .access();

        Answer made = create(KeysApi.selfService(realm, token), Map.of());

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().get("restrictions")).hasToString("{\"cidrs\":[\"0.0.0.0/0\",\"::/0\"]}");
    }

    @Test
    void keysAdministerWhereTheRealmSaysSo() {
        realm.users().makeAdministrator(alice);
        String token = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser())
                        .tryApiKey()
                        .typeKey(realm.key(alice).raw()))
                .access();
        String users = "/admin/realms/" + realm.name() + "/users";
        assertThat(Rest.with(token).status("GET", users)).isEqualTo(403);

        realm.setPolicy(Map.of("keys-administer", "true"));

        assertThat(Rest.with(token).status("GET", users)).isEqualTo(200);
    }

    @Test
    void theRealmsExportHasIt() {
        realm.setPolicy(Map.of("prefix", "acme"));

        assertThat(realm.admin().partialExport(false, false).getRequiredActions())
                .filteredOn(action -> "CREATE_API_KEY".equals(action.getAlias()))
                .singleElement()
                .satisfies(action -> assertThat(action.getConfig()).containsEntry("prefix", "acme"));
    }

    private static Answer create(KeysApi keys, Map<String, Object> more) {
        Map<String, Object> fields = new HashMap<>(more);
        fields.put("name", "key " + System.nanoTime());
        if (keys.isForAdministrators()) {
            fields.put("username", "alice");
        }
        return keys.create(fields);
    }

    private static Duration expiry(Answer made) {
        Instant now = Instant.now();
        Duration exact = Duration.between(now, made.shown().expiry());
        return Duration.ofDays(Math.round(exact.toSeconds() / 86_400.0));
    }
}
