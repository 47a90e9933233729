package io.apikeys.keycloak.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.events.EventType;

/** From when to when a key works, and what an expired one still takes up. */
class KeyLifeIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final KeysApi own = realm.keysOf(alice);

    @Test
    void anExpiredKeyTakesUpNeitherANameNorAPlace() throws InterruptedException {
        realm.setPolicy(Map.of("max-keys-per-user", "1"));
        RawKey expired = realm.key(alice, Map.of("name", "Nightly", "expiresIn", 1));
        assertThat(own.create(Map.of("name", "other")).status()).isEqualTo(409);
        Thread.sleep(1_100);

        Answer other = own.create(Map.of("name", "other", "expiresIn", 1));
        assertThat(other.status()).isEqualTo(201);
        assertThat(own.get(expired.id()).status()).as("still listed").isEqualTo(200);
        Thread.sleep(1_100);
        Answer again = own.create(Map.of("name", "nightly"));

        assertThat(again.status()).isEqualTo(201);
        assertThat(own.get(expired.id()).status()).as("its place is taken").isEqualTo(404);
        assertThat(own.get(other.key().id()).status()).isEqualTo(200);
        assertThat(realm.events().ofType(EventType.REMOVE_CREDENTIAL).get(0).getDetails())
                .containsEntry("api_key_id", expired.id());
        assertThat(own.create(Map.of("name", "NIGHTLY")).field()).isEqualTo("name");
        assertThat(own.list(Map.of()).keys()).hasSize(2);
    }

    @Test
    void expiredKeysAreBoundedToo() throws InterruptedException {
        realm.setPolicy(Map.of("max-keys-per-user", "2"));
        for (int i = 0; i < 3; i++) {
            realm.key(alice, Map.of("name", "a" + i, "expiresIn", 1));
            realm.key(alice, Map.of("name", "b" + i, "expiresIn", 1));
            Thread.sleep(1_100);
        }

        own.create(Map.of("name", "living"));

        assertThat(own.list(Map.of()).body().findValuesAsText("name")).containsExactlyInAnyOrder("living", "a2", "b2");
    }

    @Test
    void anAdministratorChangesTheExpiryWithinThePolicy() throws InterruptedException {
        realm.setPolicy(Map.of("longest-expiry-days", "30"));
        RawKey key = realm.key(alice, Map.of("name", "ci", "expiresIn", 1));
        Thread.sleep(1_100);
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);

        Answer later = realm.keys().change(key.id(), Map.of("expiresIn", 864_000));

        assertThat(later.status()).isEqualTo(200);
        assertThat(later.shown().expiry()).isAfter(Instant.now());
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200);
        assertThat(realm.keys().change(key.id(), Map.of("expiresIn", 2_678_400)).field())
                .isEqualTo("expiresAt");
        assertThat(realm.keys().change(key.id(), never()).field()).isEqualTo("expiresAt");
        realm.setPolicy(Map.of());
        assertThat(realm.keys()
                        .change(key.id(), never())
                        .body()
                        .get("expiresAt")
                        .isNull())
                .isTrue();
    }

    @Test
    void aHolderOnlyLetsAKeyExpireEarlier() {
        RawKey key = realm.key(alice, Map.of("name", "ci", "expiresIn", 3600));
        RawKey endless = realm.key(alice, Map.of("name", "endless"));

        assertThat(own.change(key.id(), Map.of("expiresIn", 7200)).field()).isEqualTo("expiresAt");
        assertThat(own.change(key.id(), never()).field()).isEqualTo("expiresAt");
        assertThat(own.change(key.id(), Map.of("expiresIn", 60)).status()).isEqualTo(200);
        assertThat(own.change(endless.id(), Map.of("expiresIn", 60)).status()).isEqualTo(200);
        assertThat(own.change(endless.id(), never()).field()).isEqualTo("expiresAt");
        for (Object wrong : List.of(0, -1, "60")) {
            assertThat(own.change(key.id(), Map.of("expiresIn", wrong)).field()).isEqualTo("expiresIn");
        }
    }

    @Test
    void aHelpDeskThatOnlyManagesUsersLetsNoKeyExpireLater() {
        RawKey key = realm.key(alice, Map.of("name", "ci", "expiresIn", 3600));

        assertThat(realm.keysAsAdministratorWith("view-users")
                        .change(key.id(), Map.of("expiresIn", 7200))
                        .status())
                .isEqualTo(403);
    }

    private static Map<String, Object> never() {
        Map<String, Object> never = new HashMap<>();
        never.put("expiresAt", null);
        return never;
    }
}
