package io.apikeys.keycloak.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.Gateway;
import io.apikeys.keycloak.support.KeyAnswer;
import io.apikeys.keycloak.support.ResourceServer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.keycloak.events.EventType;

/** How often a key may be used: never once more than its limits say, whichever door and however many at once. */
class LimitsIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final Gateway gateway = realm.gateway();

    @Test
    void aRateLimitIsKeptAndToldToTheGateway() {
        RawKey key = key(Map.of("rateLimit", Map.of("max", 2, "windowSeconds", 3600)));

        HttpResponse<String> first = gateway.check(key.raw());
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(header(first, "RateLimit-Policy")).isEqualTo("\"rate\";q=2;w=3600");
        assertThat(header(first, "RateLimit")).isEqualTo("\"rate\";r=1;t=3600");
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(200);

        HttpResponse<String> refused = gateway.check(key.raw());
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(3590, 3600);
        assertThat(header(refused, "RateLimit")).startsWith("\"rate\";r=0;t=3");
        assertThat(realm.events().ofType(EventType.INTROSPECT_TOKEN_ERROR)).isEmpty();
    }

    @Test
    void aNewWindowOpensAfterTheOld() {
        RawKey key = key(Map.of("rateLimit", Map.of("max", 1, "windowSeconds", 2)));
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(200);
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(429);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> gateway.check(key.raw()).statusCode() == 200);
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(429);
    }

    @Test
    void aQuotaIsUsedUpForGood() {
        RawKey key = key(Map.of("quota", Map.of("remaining", 2)));
        assertThat(header(gateway.check(key.raw()), "RateLimit")).isEqualTo("\"quota\";r=1");
        assertThat(remaining(key)).isEqualTo(1);
        gateway.check(key.raw());

        HttpResponse<String> refused = gateway.check(key.raw());
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
        assertThat(remaining(key)).isZero();
    }

    @Test
    void aQuotaIsFilledUp() {
        RawKey key = key(Map.of("quota", Map.of("remaining", 1, "refillAmount", 2, "refillIntervalSeconds", 2)));
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = gateway.check(key.raw());
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(1, 2);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> gateway.check(key.raw()).statusCode() == 200);
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(200);
    }

    @Test
    void everyDoorCountsAndEveryDoorRefuses() {
        realm.flow("key grant")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();
        App desk = realm.clients().exchanger("desk");
        ResourceServer reports = realm.clients().existingResourceServer("desk");
        RawKey key = key(Map.of("quota", Map.of("remaining", 5)));

        assertThat(realm.app()
                        .logIn(new Browser())
                        .tryApiKey()
                        .typeKey(key.raw())
                        .isBackAtTheApp())
                .isTrue();
        assertThat(realm.app().directGrant(Map.of("api_key", key.raw())).status())
                .isEqualTo(200);
        assertThat(desk.exchange(key.raw()).status()).isEqualTo(200);
        assertThat(reports.introspect(key.raw()).isActive()).isTrue();
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(200);

        assertThat(realm.app()
                        .logIn(new Browser())
                        .tryApiKey()
                        .typeKey(key.raw())
                        .keyError())
                .isEqualTo("The usage quota of this API key is exhausted.");
        assertThat(realm.app().directGrant(Map.of("api_key", key.raw())).errorDescription())
                .isEqualTo("API key used up");
        assertThat(desk.exchange(key.raw()).errorDescription()).isEqualTo("API key used up");
        assertThat(reports.introspect(key.raw()).isActive()).isFalse();
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(429);
        assertThat(realm.events().ofType(EventType.LOGIN_ERROR).get(0).getError())
                .isEqualTo("api_key_quota_used_up");
    }

    /** OAuth fixes the status of a refusal at the token endpoint (RFC 6749, section 5.2), so only the header tells when. */
    @Test
    void theTokenEndpointSaysWhenToTryAgain() {
        realm.flow("key grant")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();
        App desk = realm.clients().exchanger("desk");
        RawKey key = key(Map.of("rateLimit", Map.of("max", 1, "windowSeconds", 3600)));
        assertThat(desk.exchange(key.raw()).status()).isEqualTo(200);

        for (Tokens refused :
                List.of(desk.exchange(key.raw()), realm.app().directGrant(Map.of("api_key", key.raw())))) {
            assertThat(refused.status()).isIn(400, 401);
            assertThat(refused.error()).isEqualTo("invalid_grant");
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 3600L);
        }
    }

    @Test
    void whatADoorRefusesForAnotherReasonIsNotCounted() {
        App desk = realm.clients().exchanger("desk");
        RawKey key = key(Map.of("quota", Map.of("remaining", 1)));

        assertThat(gateway.check(key.raw(), "a-role-that-alice-lacks").statusCode())
                .isEqualTo(403);
        assertThat(desk.exchange(key.raw(), Map.of("audience", "nobody")).status())
                .isEqualTo(400);
        realm.users().requireAction(alice, "UPDATE_PASSWORD");
        assertThat(desk.exchange(key.raw()).status()).isEqualTo(400);

        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(200);
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(429);
    }

    @Test
    void concurrentUsesDoNotExceedTheLimits() throws Exception {
        RawKey key = key(
                Map.of("rateLimit", Map.of("max", 300, "windowSeconds", 3600), "quota", Map.of("remaining", 10_000)));

        long accepted = inParallel(600, () -> gateway.check(key.raw()).statusCode()).stream()
                .filter(status -> status == 200)
                .count();

        assertThat(accepted).isEqualTo(300);
        assertThat(remaining(key)).isEqualTo(9_700);
    }

    @Test
    void unusedLeasedUsesArePutBack() throws Exception {
        RawKey key = key(Map.of("quota", Map.of("remaining", 10_000)));

        inParallel(500, () -> gateway.check(key.raw()).statusCode());

        await().atMost(Duration.ofSeconds(20)).until(() -> remaining(key) == 9_500);
    }

    @Test
    void limitsThatAreSetAnewCountFromAnew() {
        RawKey key = key(Map.of("quota", Map.of("remaining", 1)));
        gateway.check(key.raw());
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(429);

        realm.keys().change(key.id(), Map.of("limits", Map.of("quota", Map.of("remaining", 1))));
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(200);
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(429);

        KeyAnswer changed = realm.keys().change(key.id(), "{\"limits\":null}").shown();
        assertThat(changed.has("limits")).isFalse();
        assertThat(gateway.check(key.raw()).statusCode()).isEqualTo(200);
    }

    @Test
    void onlyAdministratorsSetThem() {
        RawKey key = realm.key(alice);

        assertThat(realm.keysOf(alice)
                        .create(Map.of("name", "x", "limits", Map.of()))
                        .field())
                .isEqualTo("limits");
        assertThat(realm.keysOf(alice).change(key.id(), "{\"limits\":null}").field())
                .isEqualTo("limits");
        assertThat(realm.keysOf(alice).change(key.id(), "{\"metadata\":null}").field())
                .isEqualTo("metadata");
    }

    @Test
    void aSuccessorHasTheSameLimits() {
        RawKey key = key(Map.of("quota", Map.of("remaining", 3)));

        RawKey successor = realm.keysOf(alice).rotate(key.id(), null).key();

        assertThat(remaining(successor)).isEqualTo(3);
    }

    private RawKey key(Map<String, Object> limits) {
        return realm.key(alice, Map.of("name", "limited " + UUID.randomUUID(), "limits", limits));
    }

    private long remaining(RawKey key) {
        return realm.keys().get(key.id()).body().at("/limits/quota/remaining").longValue();
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("none");
    }

    private static <T> List<T> inParallel(int times, Callable<T> task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<T>> answers = threads.invokeAll(
                    IntStream.range(0, times).mapToObj(i -> task).toList());
            List<T> all = new java.util.ArrayList<>();
            for (Future<T> answer : answers) {
                all.add(answer.get());
            }
            return all;
        } finally {
            threads.shutdown();
        }
    }
}
