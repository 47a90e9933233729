package io.apikeys.keycloak.rest.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeyAnswer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.ResourceServer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that another system has handed out go on working. */
class KeyImportIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final KeysApi keys = realm.keys();
    private final String foreign = "mb_" + UUID.randomUUID() + "." + UUID.randomUUID();

    @ParameterizedTest
    @CsvSource({"base64url", "base64", "hex", ","})
    void aKeyIsKnownByItsHash(String encoding) throws Exception {
        Map<String, Object> fields = new HashMap<>(imported(foreign, "old key"));
        fields.put("hash", encoded(foreign, encoding));
        if (encoding != null) {
            fields.put("encoding", encoding);
        }
        fields.put("start", "mb_abc");

        JsonNode result = keys.importKeys(fields).body().get(0);

        assertThat(result.get("status").intValue()).isEqualTo(201);
        assertThat(result.at("/apiKey/hint").textValue()).isEqualTo("mb_abc…");
        assertThat(result.at("/apiKey/username").textValue()).isEqualTo("alice");
        assertThat(realm.gateway().check(foreign).headers().firstValue("X-Auth-Username"))
                .contains("alice");
    }

    @Test
    void everyDoorTakesIt() throws Exception {
        realm.flow("key grant")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();
        keys.importKeys(imported(foreign, "old key"));
        ResourceServer desk = realm.clients().resourceServer("desk");

        assertThat(realm.app().logIn(new Browser()).tryApiKey().typeKey(foreign).isBackAtTheApp())
                .isTrue();
        assertThat(realm.app().directGrant(Map.of("api_key", foreign)).status()).isEqualTo(200);
        assertThat(desk.introspect(foreign).body().at("/api_key/name").textValue())
                .isEqualTo("old key");
        assertThat(realm.clients().exchanger("exchanger").exchange(foreign).status())
                .isEqualTo(200);
        assertThat(keys.lookUp(foreign).shown().name()).isEqualTo("old key");

        assertThat(desk.introspect(foreign + "x").isActive()).isFalse();
        assertThat(realm.gateway().check(foreign + "x").statusCode()).isEqualTo(401);
        assertThat(KeysApi.revoke(realm, Map.of("token", foreign))).isEqualTo(200);
        assertThat(realm.gateway().check(foreign).statusCode()).isEqualTo(401);
        assertThat(desk.introspect(foreign).isActive()).isFalse();
    }

    @Test
    void settingsAreImportedWithTheKey() throws Exception {
        Map<String, Object> fields = new HashMap<>(imported(foreign, "old key"));
        fields.putAll(Map.of(
                "expiresAt",
                "2099-01-01T00:00:00Z",
                "metadata",
                Map.of("team", 7),
                "limits",
                Map.of("rateLimit", Map.of("max", 1, "windowSeconds", 3600)),
                "restrictions",
                Map.of("realmRoles", List.of())));
        keys.importKeys(fields);

        assertThat(realm.gateway().check(foreign).statusCode()).isEqualTo(200);
        assertThat(realm.gateway().check(foreign).statusCode()).isEqualTo(429);
        KeyAnswer shown = keys.lookUp(foreign).shown();
        assertThat(shown.expiresAt()).isEqualTo("2099-01-01T00:00:00Z");
        assertThat(shown.at("/metadata/team").intValue()).isEqualTo(7);

        fields.put("name", "off");
        fields.put("enabled", false);
        fields.put("hash", encoded(foreign + "!", "base64url"));
        keys.importKeys(fields);
        assertThat(realm.gateway().check(foreign + "!").statusCode()).isEqualTo(401);
    }

    @Test
    void eachKeyOfAListIsImportedOrRefusedSeparately() throws Exception {
        List<Map<String, Object>> some = new ArrayList<>();
        some.add(imported(foreign, "good"));
        some.add(imported(foreign, "the same hash"));
        some.add(imported(foreign + "2", "good"));
        some.add(imported(foreign + "3", ""));
        some.add(Map.of("userId", alice.id(), "name", "x", "hash", "short"));
        some.add(Map.of("userId", alice.id(), "name", "x", "hash", encoded(foreign, "hex"), "encoding", "base32"));
        some.add(Map.of("userId", alice.id(), "name", "x", "hash", "x", "algorithm", "MD5"));
        some.add(Map.of("username", "nobody", "name", "x", "hash", "x"));
        some.add(Map.of("name", "of nobody", "hash", "x"));
        some.add(Map.of("nonsense", 1));
        some.add(imported(foreign + "4", "good, too"));

        Answer answer = keys.importKeys(some);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().findValuesAsText("status"))
                .containsExactly("201", "409", "409", "400", "400", "400", "400", "400", "400", "400", "201");
        assertThat(IntStream.range(1, 10)
                        .mapToObj(i -> answer.body().get(i).at("/error/field").asText()))
                .containsExactly(
                        "hash", "name", "name", "hash", "encoding", "algorithm", "username", "userId", "nonsense");
        assertThat(keys.list(Map.of()).keys()).hasSize(2);
        assertThat(realm.gateway().check(foreign).statusCode()).isEqualTo(200);
        assertThat(realm.gateway().check(foreign + "2").statusCode()).isEqualTo(401);
        assertThat(realm.gateway().check(foreign + "4").statusCode()).isEqualTo(200);
    }

    @Test
    void aThousandAtATimeAndNoMore() throws Exception {
        realm.setPolicy(Map.of("max-keys-per-user", "1000"));
        List<Map<String, Object>> many = new ArrayList<>();
        for (int i = 0; i < 1_001; i++) {
            many.add(imported(foreign + i, "key " + i));
        }
        assertThat(keys.importKeys(many).status()).isEqualTo(400);
        assertThat(keys.count(Map.of()).body().intValue()).isZero();
        assertThat(keys.importKeys(List.of(Map.of("x", "x".repeat(2_100_000)))).status())
                .isEqualTo(413);

        List<User> holders = IntStream.range(0, 10)
                .mapToObj(i -> realm.users().withNothingButAName("user" + i))
                .toList();
        for (int i = 0; i < 1_000; i++) {
            Map<String, Object> fields = new HashMap<>(many.get(i));
            fields.put("userId", holders.get(i % 10).id());
            many.set(i, fields);
        }
        Answer answer = keys.importKeys(many.subList(0, 1_000));
        assertThat(answer.body())
                .hasSize(1_000)
                .allSatisfy(
                        result -> assertThat(result.get("status").intValue()).isEqualTo(201));
        assertThat(realm.gateway().check(foreign + "999").statusCode()).isEqualTo(200);
    }

    @Test
    void importingRequiresPermission() throws Exception {
        assertThat(realm.keysAsAdministratorWith("view-clients")
                        .importKeys(imported(foreign, "x"))
                        .status())
                .isEqualTo(403);
        assertThat(realm.keysAsAdministratorWith("view-users")
                        .importKeys(imported(foreign, "x"))
                        .body()
                        .get(0)
                        .get("status")
                        .intValue())
                .isEqualTo(403);
        assertThat(realm.gateway().check(foreign).statusCode()).isEqualTo(401);
    }

    @Test
    void anotherRealmKnowsNothingOfIt() throws Exception {
        keys.importKeys(imported(foreign, "old key"));
        TestRealm other = TestRealm.create();
        User bob = other.user("bob");
        other.keys()
                .importKeys(Map.of(
                        "userId",
                        bob.id(),
                        "name",
                        "x",
                        "hash",
                        encoded("another key of bob", "hex"),
                        "encoding",
                        "hex"));

        assertThat(other.gateway().check(foreign).statusCode()).isEqualTo(401);
        assertThat(other.gateway().check("another key of bob").statusCode()).isEqualTo(200);
    }

    private Map<String, Object> imported(String key, String name) throws Exception {
        return Map.of("userId", alice.id(), "name", name, "hash", encoded(key, "base64url"));
    }

    private static String encoded(String key, String encoding) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
        return switch (String.valueOf(encoding)) {
            case "hex" -> HexFormat.of().formatHex(digest);
            case "base64" -> Base64.getEncoder().encodeToString(digest);
            default -> Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        };
    }
}
