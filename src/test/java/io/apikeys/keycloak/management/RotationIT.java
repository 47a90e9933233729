package io.apikeys.keycloak.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keycloak.events.EventType;

/** A new key in place of an old one. */
class RotationIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey old = realm.key(
            alice,
            Map.of(
                    "name", "laptop",
                    "expiresAt", "2099-01-01T00:00:00Z",
                    "restrictions", Map.of("scopes", List.of("email"))));
    private final KeysApi own = realm.keysOf(alice);

    @Test
    void theNewKeyIsAsTheOldOneWhichEndsAtOnce() {
        Tokens session =
                realm.app().tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(old.raw()));

        Answer rotated = own.rotate(old.id(), null);

        assertThat(rotated.status()).isEqualTo(201);
        assertThat(rotated.header("Cache-Control")).contains("no-store");
        assertThat(rotated.header("Location"))
                .isEqualTo(KeycloakServer.running().url() + "/realms/" + realm.name() + "/api-keys/"
                        + rotated.key().id());
        assertThat(rotated.shown().name()).isEqualTo("laptop");
        assertThat(rotated.shown().expiresAt()).isEqualTo("2099-01-01T00:00:00Z");
        assertThat(rotated.body().at("/restrictions/scopes")).hasToString("[\"email\"]");
        assertThat(realm.gateway().check(rotated.key().raw()).statusCode()).isEqualTo(200);
        assertThat(realm.gateway().check(old.raw()).statusCode()).isEqualTo(401);
        assertThat(realm.app().refresh(session).status()).isEqualTo(400);
        assertThat(own.list(Map.of()).keys()).hasSize(1);
        assertThat(realm.events().ofType(EventType.UPDATE_CREDENTIAL).get(0).getDetails())
                .containsEntry("api_key_id", rotated.key().id())
                .containsEntry("api_key_rotated_id", old.id());
    }

    @Test
    void inTheGraceBothLive() {
        Answer rotated = own.rotate(old.id(), "{\"graceSeconds\":3600}");

        assertThat(realm.gateway().check(rotated.key().raw()).statusCode()).isEqualTo(200);
        assertThat(realm.gateway().check(old.raw()).statusCode()).isEqualTo(200);
        Answer stillThere = own.get(old.id());
        assertThat(stillThere.shown().name()).isEqualTo("laptop (old)");
        assertThat(Duration.between(Instant.now(), stillThere.shown().expiry()))
                .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
        assertThat(own.rotate(rotated.key().id(), "{\"graceSeconds\":60}").status())
                .isEqualTo(201);
        assertThat(own.list(Map.of()).body().findValuesAsText("name"))
                .containsExactlyInAnyOrder("laptop", "laptop (old)", "laptop (old 2)");
    }

    @Test
    void graceProlongsNothing() {
        RawKey shortLived = realm.key(alice, Map.of("name", "x".repeat(100), "expiresIn", 60));
        String end = own.get(shortLived.id()).shown().expiresAt();

        Answer rotated = own.rotate(shortLived.id(), "{\"graceSeconds\":3600}");

        assertThat(rotated.shown().expiresAt()).isEqualTo(end);
        assertThat(own.get(shortLived.id()).shown().expiresAt()).isEqualTo(end);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("{\"graceSeconds\":-1}", "graceSeconds"),
                Arguments.of("{\"graceSeconds\":\"1\"}", "graceSeconds"),
                Arguments.of("{\"graceSeconds\":2592001}", "graceSeconds"),
                Arguments.of("{\"nonsense\":1}", "nonsense"),
                Arguments.of("[]", ""));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aBadBodyChangesNothing(String body, String field) {
        for (KeysApi keys : List.of(own, realm.keys())) {
            Answer refused = keys.rotate(old.id(), body);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.field()).isEqualTo(field);
        }
        assertThat(realm.gateway().check(old.raw()).statusCode()).isEqualTo(200);
        assertThat(own.list(Map.of()).keys()).hasSize(1);
    }

    @Test
    void whoMayNotMakeKeysMayNotRotate() {
        String byKey = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser())
                        .tryApiKey()
                        .typeKey(realm.key(alice).raw()))
                .access();

        assertThat(KeysApi.selfService(realm, byKey).rotate(old.id(), null).status())
                .isEqualTo(403);
        assertThat(realm.keysOf(realm.user("bob")).rotate(old.id(), null).status())
                .isEqualTo(404);
        assertThat(realm.keysAsAdministratorWith("view-users")
                        .rotate(old.id(), null)
                        .status())
                .isEqualTo(403);
        assertThat(realm.gateway().check(old.raw()).statusCode()).isEqualTo(200);
    }

    @Test
    void theNewKeyExpiresAsAskedForWithinThePolicy() {
        realm.setPolicy(Map.of("longest-expiry-days", "30"));

        Answer rotated = own.rotate(old.id(), "{\"expiresIn\":864000}");

        assertThat(rotated.status()).isEqualTo(201);
        assertThat(daysLeft(rotated)).isEqualTo(10);
        assertThat(own.rotate(rotated.key().id(), "{\"expiresIn\":2678400}").field())
                .isEqualTo("expiresAt");
        assertThat(own.rotate(rotated.key().id(), "{\"expiresAt\":null}").field())
                .isEqualTo("expiresAt");
        assertThat(daysLeft(realm.keys().rotate(rotated.key().id(), "{\"expiresIn\":1728000}")))
                .isEqualTo(20);
    }

    @Test
    void anExpiredKeyIsRotatedAsLongAsItIsListed() throws InterruptedException {
        RawKey expired = realm.key(alice, Map.of("name", "nightly", "expiresIn", 1));
        Thread.sleep(1_100);

        Answer rotated = own.rotate(expired.id(), "{\"expiresIn\":3600,\"graceSeconds\":60}");

        assertThat(rotated.status()).isEqualTo(201);
        assertThat(rotated.shown().name()).isEqualTo("nightly");
        assertThat(own.get(expired.id()).status()).isEqualTo(404);
        assertThat(realm.gateway().check(rotated.key().raw()).statusCode()).isEqualTo(200);
    }

    @Test
    void aMachineRotatesItsKeyWithTheKeyAlone() {
        RawKey restricted = realm.key(
                alice,
                Map.of(
                        "name",
                        "ci",
                        "expiresIn",
                        864_000,
                        "restrictions",
                        Map.of("realmRoles", List.of(), "scopes", List.of())));
        KeysApi withKey = KeysApi.selfService(realm, restricted.raw());
        assertThat(withKey.rotateItself(null).status())
                .as("the realm has not allowed it")
                .isEqualTo(403);
        assertThat(realm.gateway().check(restricted.raw()).statusCode()).isEqualTo(200);

        realm.setPolicy(Map.of("key-sessions-manage-keys", "true", "longest-expiry-days", "30"));
        assertThat(withKey.rotateItself("{\"expiresIn\":864001}").field())
                .as("the key was made for ten days")
                .isEqualTo("expiresAt");
        assertThat(withKey.rotateItself("{\"expiresAt\":null}").field()).isEqualTo("expiresAt");
        Answer rotated = withKey.rotateItself("{\"expiresIn\":863990}");

        assertThat(rotated.status()).isEqualTo(201);
        assertThat(rotated.header("Location"))
                .endsWith(
                        "/realms/" + realm.name() + "/api-keys/" + rotated.key().id());
        assertThat(rotated.body().get("restrictions")).hasToString("{\"realmRoles\":[],\"scopes\":[]}");
        assertThat(daysLeft(rotated)).isEqualTo(10);
        assertThat(withKey.rotateItself(null).status())
                .as("the old key has ended")
                .isEqualTo(401);
        KeysApi withNewKey = KeysApi.selfService(realm, rotated.key().raw());
        assertThat(withNewKey.rotateItself("{\"expiresIn\":2678400}").field()).isEqualTo("expiresAt");
        assertThat(withNewKey.rotateItself("{\"restrictions\":{}}").field()).isEqualTo("restrictions");
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true", "who-makes-keys", "administrators"));
        assertThat(withNewKey.rotateItself(null).status()).isEqualTo(403);
    }

    @Test
    void aMachineGetsTheSameTimeWithEachRotation() {
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true"));
        String raw =
                realm.key(alice, Map.of("name", "ci", "expiresIn", 604_800)).raw();

        for (int rotation = 1; rotation <= 8; rotation++) {
            Answer rotated = KeysApi.selfService(realm, raw).rotateItself("{\"expiresIn\":604800}");
            assertThat(rotated.status()).as("rotation " + rotation).isEqualTo(201);
            raw = rotated.key().raw();
        }
    }

    @Test
    void aKeyThatHasBeenReplacedRotatesItselfNoMore() {
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true"));
        RawKey first = realm.key(alice, Map.of("name", "ci"));
        KeysApi withFirst = KeysApi.selfService(realm, first.raw());
        Answer second = withFirst.rotateItself("{\"graceSeconds\":60}");
        assertThat(realm.gateway().check(first.raw()).statusCode()).isEqualTo(200);

        assertThat(withFirst.rotateItself(null).status()).isEqualTo(409);
        assertThat(KeysApi.selfService(realm, second.key().raw())
                        .rotateItself(null)
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aKeyOfAnEarlierGraceIsNotInTheWay() throws InterruptedException {
        Answer second = own.rotate(old.id(), "{\"graceSeconds\":1}");
        Thread.sleep(1_100);

        assertThat(own.rotate(second.key().id(), "{\"graceSeconds\":60}").status())
                .isEqualTo(201);
        assertThat(own.list(Map.of()).body().findValuesAsText("name"))
                .containsExactlyInAnyOrder("laptop", "laptop (old)", "laptop (old 2)");
    }

    @Test
    void aKeyThatIsUsedUpDoesNotRotateItself() {
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true"));
        RawKey usedUp = realm.key(alice, Map.of("name", "ci", "limits", Map.of("quota", Map.of("remaining", 1))));
        realm.gateway().check(usedUp.raw());

        assertThat(KeysApi.selfService(realm, usedUp.raw()).rotateItself(null).status())
                .isEqualTo(429);
    }

    private static long daysLeft(Answer rotated) {
        Instant end = rotated.shown().expiry();
        return Math.round(Duration.between(Instant.now(), end).toSeconds() / 86_400.0);
    }

    @Test
    void aKeyThatIsSwitchedOffIsNotRevivedByRotation() {
        realm.keys().change(old.id(), Map.of("enabled", false));

        assertThat(own.rotate(old.id(), null).status()).isEqualTo(409);
        assertThat(realm.keys().rotate(old.id(), null).status()).isEqualTo(409);
    }

    @Test
    void anAdministratorRotatesAndRevokesAllOfAUser() {
        RawKey ofBob = realm.key(realm.user("bob"));
        Answer rotated = realm.keys().rotate(old.id(), "{}");
        assertThat(rotated.status()).isEqualTo(201);
        assertThat(rotated.shown().username()).isEqualTo("alice");
        assertThat(rotated.header("Location"))
                .endsWith("/admin/realms/" + realm.name() + "/api-keys/"
                        + rotated.key().id());
        realm.key(alice);

        assertThat(realm.keys().deleteAll(Map.of()).status()).isEqualTo(400);
        assertThat(realm.keys().deleteAll(Map.of("userId", "nobody")).status()).isEqualTo(404);
        assertThat(realm.keys().rotate("nonsense", null).status()).isEqualTo(404);
        assertThat(realm.keysAsAdministratorWith("view-users")
                        .deleteAll(Map.of("userId", alice.id()))
                        .status())
                .isEqualTo(403);
        assertThat(realm.keys().deleteAll(Map.of("userId", alice.id())).status())
                .isEqualTo(204);

        assertThat(own.list(Map.of()).keys()).isEmpty();
        assertThat(realm.gateway().check(rotated.key().raw()).statusCode()).isEqualTo(401);
        assertThat(realm.gateway().check(ofBob.raw()).statusCode()).isEqualTo(200);
        assertThat(realm.events().ofAdministrators("API_KEY").get(0).getDetails())
                .containsEntry("api_key_holder", alice.id());
    }
}
