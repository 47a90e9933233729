package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.recipes.Recipe.Running;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;

/**
 * What every gateway does that asks Keycloak for role accountant.
 *
 * @param gateway the program
 * @param address where the gateway listens
 * @param behind the program that the gateway protects
 */
record CheckedBy(Running gateway, URI address, TestRealm realm, Behind behind) {

    /** Fails unless the gateway lets the holder of a good key through, and nobody else, with the name of that holder alone. */
    void lets() {
        User alice = realm.user("alice");
        realm.users().giveRole(alice, "accountant");
        RawKey key = realm.key(alice);
        RawKey slow = realm.key(
                alice, Map.of("name", "slow", "limits", Map.of("rateLimit", Map.of("max", 1, "windowSeconds", 600))));
        RawKey lacksRole = realm.key(realm.user("bob"));

        HttpResponse<String> without = send(Http.request(address));
        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().allValues("WWW-Authenticate"))
                .anyMatch(challenge -> challenge.startsWith("Basic "))
                .anyMatch(challenge -> challenge.startsWith("Bearer"));
        assertThat(get("nonsense").statusCode()).isEqualTo(401);
        HttpResponse<String> lacking = get(lacksRole.raw());
        assertThat(lacking.statusCode()).isEqualTo(403);
        assertThat(lacking.headers().firstValue("X-Auth-Error")).contains("insufficient_scope");
        assertThat(behind.header("X-User")).as("nothing has come through").isNull();

        assertThat(get(key.raw()).statusCode()).isEqualTo(200);
        assertThat(behind.header("X-User")).isEqualTo("alice");
        assertThat(behind.header("X-Key-Id")).isEqualTo(key.id());
        assertThat(behind.header("X-API-Key")).isNull();

        HttpResponse<String> posted = send(Http.request(address.resolve("/orders/1?role=none"))
                .header("Authorization", "Bearer " + key.raw())
                .POST(BodyPublishers.ofString("a body")));
        assertThat(posted.statusCode()).isEqualTo(200);
        assertThat(behind.header("X-User")).as("not what the client says").isEqualTo("alice");
        assertThat(behind.header("Authorization")).isNull();

        assertThat(get(slow.raw()).statusCode()).isEqualTo(200);
        HttpResponse<String> tooSoon = get(slow.raw());
        assertThat(tooSoon.statusCode()).isEqualTo(429);
        assertThat(tooSoon.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isPositive();

        realm.keys().delete(key.id());
        assertThat(gateway.process().isAlive()).isTrue();
        assertThat(get(key.raw()).statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> get(String key) {
        return send(Http.request(address).header("X-API-Key", key));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        return new Http().send(request.header("X-User", "mallory"));
    }
}
