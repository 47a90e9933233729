package io.apikeys.keycloak.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.Gateway;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.ResourceServer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a key of another system may look like: every entry point reads a text in the same way. */
class ForeignKeysIT {

    private static final String ANSWERS = """
            | 15 characters | refused everywhere |
            | 16 characters | accepted everywhere |
            | signs and spaces | accepted everywhere |
            | three parts | accepted everywhere |
            | signed token | accepted everywhere |
            | long signed token | accepted everywhere |
            | 4096 characters | accepted everywhere |
            | 4097 characters | refused everywhere |
            """;

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final App exchanger = realm.clients().exchanger("exchanger");
    private final ResourceServer desk = realm.clients().resourceServer("desk");

    @Test
    void everyEntryPointAnswersAsTheTableSays() throws Exception {
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true"));
        realm.flow("key grant")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();
        StringBuilder table = new StringBuilder();
        for (Map.Entry<String, String> key : keys().entrySet()) {
            table.append("| %s | %s |%n".formatted(key.getKey(), answer(key.getValue())));
        }

        assertThat(table).hasToString(ANSWERS);
    }

    private static Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("15 characters", random(15));
        keys.put("16 characters", random(16));
        keys.put("signs and spaces", random(20) + " +/=%&?'\"<" + random(4));
        keys.put("three parts", random(20) + "." + random(20) + "." + random(20));
        keys.put("signed token", token("https://other.example/realms/theirs", 43));
        keys.put("long signed token", token("https://other.example", 2_000));
        keys.put("4096 characters", random(4_096));
        keys.put("4097 characters", random(4_097));
        return keys;
    }

    private static String random(int length) {
        return (UUID.randomUUID() + "x".repeat(length)).replace("-", "").substring(0, length);
    }

    private static String token(String issuer, int signature) {
        return Stream.of(
                        "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                        "{\"iss\":\"" + issuer + "\",\"jti\":\"" + random(20) + "\"}")
                .map(part -> Base64.getUrlEncoder().withoutPadding().encodeToString(part.getBytes(UTF_8)))
                .collect(Collectors.joining(".", "", "." + random(signature)));
    }

    private String answer(String key) throws Exception {
        Map<String, Predicate<String>> entryPoints = entryPoints();
        realm.keys().importKeys(fields(key, "first"));
        Map<Boolean, List<String>> answers = entryPoints.keySet().stream()
                .collect(Collectors.partitioningBy(name -> entryPoints.get(name).test(key)));
        desk.revoke(key);
        assertThat(isAllowed("X-API-Key", key))
                .as("revoked at Keycloak's endpoint")
                .isFalse();
        // The old key is gone, so that its hash can be imported again.
        realm.keys().deleteAll(Map.of("userId", alice.id()));
        realm.keys().importKeys(fields(key, "second"));
        answers.get(KeysApi.selfService(realm, key).rotateItself("{}").status() == 201)
                .add("rotation");
        realm.keys().deleteAll(Map.of("userId", alice.id()));
        return answers.get(false).isEmpty()
                ? "accepted everywhere"
                : answers.get(true).isEmpty() ? "refused everywhere" : "accepted: " + answers.get(true);
    }

    private static Map<String, Object> fields(String key, String name, String userId) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
        return Map.of(
                "userId",
                userId,
                "name",
                name,
                "encoding",
                "hex",
                "hash",
                HexFormat.of().formatHex(digest));
    }

    private Map<String, Object> fields(String key, String name) throws Exception {
        return fields(key, name, alice.id());
    }

    private Map<String, Predicate<String>> entryPoints() {
        Map<String, Predicate<String>> all = new LinkedHashMap<>();
        all.put(
                "login form",
                key -> realm.app().logIn(new Browser()).tryApiKey().typeKey(key).isBackAtTheApp());
        all.put(
                "direct grant",
                key -> realm.app().directGrant(Map.of("api_key", key)).status() == 200);
        all.put("token exchange", key -> exchanger.exchange(key).status() == 200);
        all.put("introspection", key -> desk.introspect(key).isActive());
        all.put(
                "introspection, access token",
                key -> desk.introspect(key, "access_token").isActive());
        all.put(
                "introspection, refresh token",
                key -> desk.introspect(key, "refresh_token").isActive());
        all.put("introspection, API key", key -> desk.introspect(key, "api_key").isActive());
        all.put("header", key -> isAllowed("X-API-Key", key));
        all.put("bearer", key -> isAllowed("Authorization", "Bearer " + key));
        all.put("basic", key -> isAllowed("Authorization", Gateway.basic("any", key)));
        all.put("look-up", key -> realm.keys().lookUp(key).status() == 200);
        return all;
    }

    private boolean isAllowed(String header, String value) {
        return realm.gateway()
                        .check(realm.gateway().request().header(header, value))
                        .statusCode()
                == 200;
    }
}
