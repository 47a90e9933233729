package io.apikeys.keycloak.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.AccountApi;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.Gateway;
import io.apikeys.keycloak.support.KeyAnswer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.StoredKey;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits belong to the line of a key, and stay with its holder: there is no second budget, by no way. */
class LimitLinesIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final KeysApi own = realm.keysOf(alice);
    private final KeysApi administrator = realm.keys();
    private final Gateway gateway = realm.gateway();

    static Stream<Arguments> callers() {
        return Stream.of(
                Arguments.of(Named.of("the holder", (Callers) (own, administrator) -> own)),
                Arguments.of(Named.of("an administrator", (Callers) (own, administrator) -> administrator)));
    }

    private interface Callers {
        KeysApi of(KeysApi own, KeysApi administrator);
    }

    @ParameterizedTest
    @MethodSource("callers")
    void aSuccessorGoesOnWithWhatIsLeft(Callers caller) {
        RawKey key = limited(quota(3));
        assertThat(isLetThrough(key)).isTrue();

        Answer rotated = caller.of(own, administrator).rotate(key.id(), null);

        assertThat(rotated.shown().at("/limits/quota/remaining").longValue()).isEqualTo(2);
        RawKey successor = rotated.key();
        assertThat(remaining(successor)).isEqualTo(2);
        assertThat(isLetThrough(successor)).isTrue();
        assertThat(isLetThrough(successor)).isTrue();
        assertThat(isLetThrough(successor)).isFalse();
        assertThat(isLetThrough(own.rotate(successor.id(), null).key())).isFalse();
    }

    @Test
    void aWindowOfTheRateLimitGoesOn() {
        RawKey key = limited(Map.of("rateLimit", Map.of("max", 2, "windowSeconds", 3600)));
        isLetThrough(key);

        RawKey successor = own.rotate(key.id(), null).key();

        assertThat(isLetThrough(successor)).isTrue();
        assertThat(isLetThrough(successor)).isFalse();
    }

    @Test
    void inTheGraceBothCountTogetherHoweverManyAtOnce() throws Exception {
        RawKey key = limited(quota(300));
        RawKey successor = own.rotate(key.id(), "{\"graceSeconds\":3600}").key();
        RawKey third = own.rotate(successor.id(), "{\"graceSeconds\":3600}").key();
        List<RawKey> line = List.of(key, successor, third);

        List<Boolean> answers = inParallel(600, i -> isLetThrough(line.get(i % 3)));

        assertThat(answers.stream().filter(accepted -> accepted)).hasSize(300);
        assertThat(line).allSatisfy(each -> assertThat(remaining(each)).isZero());
    }

    @Test
    void limitsThatAreSetAnewCountFromAnewForTheWholeLine() {
        RawKey key = limited(quota(1));
        isLetThrough(key);
        RawKey successor = own.rotate(key.id(), "{\"graceSeconds\":3600}").key();
        assertThat(isLetThrough(successor)).isFalse();

        administrator.change(successor.id(), Map.of("limits", quota(2)));

        assertThat(remaining(key)).isEqualTo(2);
        assertThat(isLetThrough(key)).isTrue();
        assertThat(isLetThrough(successor)).isTrue();
        assertThat(isLetThrough(key)).isFalse();
        assertThat(isLetThrough(successor)).isFalse();

        administrator.change(key.id(), "{\"limits\":null}");
        assertThat(isLetThrough(key)).isTrue();
        assertThat(isLetThrough(successor)).isTrue();
        assertThat(own.get(successor.id()).shown().has("limits")).isFalse();
    }

    @Test
    void whatAHolderMakesCountsTogetherWithTheLimitedKey() {
        RawKey key = limited(quota(3));
        isLetThrough(key);

        Answer made = own.create(Map.of("name", "beside it"));

        assertThat(made.shown().at("/limits/quota/remaining").longValue()).isEqualTo(2);
        RawKey beside = made.key();
        assertThat(isLetThrough(beside)).isTrue();
        assertThat(isLetThrough(key)).isTrue();
        assertThat(isLetThrough(beside)).isFalse();
        assertThat(isLetThrough(key)).isFalse();
    }

    @Test
    void whatAHolderMakesOnThePageCountsTogetherWithTheLimitedKey() {
        realm.setPolicy(Map.of());
        RawKey key = limited(quota(1));
        isLetThrough(key);

        Page shown = realm.app()
                .logIn(new Browser(), Map.of("kc_action", "CREATE_API_KEY"))
                .logIn("alice", TestRealm.PASSWORD)
                .submit(Map.of("name", "on the page", "expiry", "7"));

        String raw = shown.html().selectFirst("#api-key").val();
        assertThat(raw).startsWith("kck_");
        assertThat(gateway.check(raw).statusCode()).isEqualTo(429);
    }

    @Test
    void aSuccessorOfAHoldersKeyWithoutLimitsCountsTogetherWithTheLimitedOne() {
        RawKey unlimited = realm.key(alice);
        RawKey key = limited(quota(1));
        isLetThrough(key);

        assertThat(isLetThrough(unlimited)).isTrue();
        RawKey byAdministrator = administrator.rotate(unlimited.id(), null).key();
        assertThat(isLetThrough(byAdministrator)).isTrue();
        assertThat(isLetThrough(own.rotate(byAdministrator.id(), null).key())).isFalse();
    }

    @Test
    void theTightestOfSeveralLimitsBindsTheHolder() {
        limited(Map.of("rateLimit", Map.of("max", 100, "windowSeconds", 1)));
        RawKey tightest = limited(Map.of("rateLimit", Map.of("max", 7, "windowSeconds", 86_400)));
        limited(quota(1_000));

        Answer made = own.create(Map.of("name", "another"));

        assertThat(made.shown().at("/limits/rateLimit/max").longValue()).isEqualTo(7);
        RawKey another = made.key();
        for (int i = 0; i < 7; i++) {
            isLetThrough(tightest);
        }
        assertThat(isLetThrough(another)).isFalse();
    }

    static Stream<Arguments> waysToGetRidOfALimitedKey() {
        return Stream.of(
                way("revoking it", way -> way.own.delete(way.key.id())),
                way(
                        "having it revoked by whoever finds it",
                        way -> KeysApi.revoke(way.realm, Map.of("token", way.key.raw()))),
                way(
                        "deleting it in the Account Console",
                        way -> new AccountApi(way.realm, way.alice).deleteCredential(way.key.id())),
                way(
                        "Keycloak's own administration",
                        way -> way.realm.admin().users().get(way.alice.id()).removeCredential(way.key.id())),
                way(
                        "rotating it and revoking the successor",
                        way -> way.own.delete(
                                way.own.rotate(way.key.id(), null).key().id())),
                way("letting it expire", way -> {
                    way.own.rotate(way.key.id(), "{\"graceSeconds\":1}");
                    way.own.list(Map.of()).keys().stream()
                            .map(KeyAnswer::id)
                            .filter(id -> !id.equals(way.key.id()))
                            .forEach(way.own::delete);
                }));
    }

    private static Arguments way(String name, Consumer<LimitLinesIT.Way> way) {
        return Arguments.of(Named.of(name, way));
    }

    record Way(TestRealm realm, User alice, KeysApi own, RawKey key) {}

    @ParameterizedTest
    @MethodSource("waysToGetRidOfALimitedKey")
    void aHolderDoesNotGetRidOfLimitsWithTheKeyThatBearsThem(Consumer<Way> way) {
        RawKey key = limited(quota(2));
        isLetThrough(key);

        way.accept(new Way(realm, alice, own, key));

        Answer made = own.create(Map.of("name", "another"));
        assertThat(made.shown().at("/limits/quota/remaining").longValue()).isEqualTo(1);
        RawKey another = made.key();
        assertThat(isLetThrough(another)).isTrue();
        assertThat(isLetThrough(another)).isFalse();
    }

    @Test
    void aHolderDoesNotGetRidOfLimitsWhenTheKeyIsSwept() {
        String id = UUID.randomUUID().toString();
        TestRealm old = TestRealm.importing(List.of(StoredKey.heldBy(
                id,
                ApiKey.generate("kck", id, new SecureRandom()),
                "{'hint':'kck_…abcdef','expiresAt':'2020-01-01T00:00:00Z','enabled':true,"
                        + "'limits':{'quota':{'remaining':5},'since':1}}")));
        User holder = new User(id, "alice");
        old.users().enableSelfService(holder);
        assertThat(old.keys().list(Map.of("userId", id)).keys()).hasSize(1);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> old.keys().list(Map.of("userId", id)).keys().isEmpty());

        Answer made = old.keysOf(holder).create(Map.of("name", "another"));

        assertThat(made.shown().at("/limits/quota/remaining").longValue()).isEqualTo(5);
    }

    static Stream<Arguments> waysToLiftLimits() {
        return Stream.of(
                way("revoking the key", way -> way.realm.keys().delete(way.key.id())),
                way("revoking the key that was found", way -> way.realm.keys().revoke(Map.of("key", way.key.raw()))),
                way("revoking all keys", way -> way.realm.keys().deleteAll(Map.of("userId", way.alice.id()))),
                way("revoking all keys when the limited one is gone", way -> {
                    way.own.delete(way.key.id());
                    way.realm.keys().deleteAll(Map.of("userId", way.alice.id()));
                }),
                way("setting none", way -> way.realm.keys().change(way.key.id(), "{\"limits\":null}")),
                way("setting none for another key of the line", way -> {
                    RawKey other = way.own.create(Map.of("name", "of the line")).key();
                    way.own.delete(way.key.id());
                    way.realm.keys().change(other.id(), "{\"limits\":null}");
                }));
    }

    @ParameterizedTest
    @MethodSource("waysToLiftLimits")
    void anAdministratorLiftsLimits(Consumer<Way> way) {
        RawKey key = limited(quota(1));
        isLetThrough(key);

        way.accept(new Way(realm, alice, own, key));

        Answer made = own.create(Map.of("name", "another"));
        assertThat(made.shown().has("limits")).isFalse();
        assertThat(gateway.check(made.key().raw()).statusCode()).isEqualTo(200);
    }

    @Test
    void whenAnAdministratorRevokesOneKeyOfALineTheOthersStayLimited() {
        RawKey key = limited(quota(1));
        RawKey beside = own.create(Map.of("name", "beside it")).key();

        administrator.delete(beside.id());

        assertThat(isLetThrough(own.create(Map.of("name", "another")).key())).isTrue();
        assertThat(isLetThrough(key)).isFalse();
        administrator.delete(key.id());
        assertThat(own.create(Map.of("name", "yet another")).shown().has("limits"))
                .isTrue();
    }

    @Test
    void anAdministratorMakesKeysWithWhateverLimits() {
        RawKey key = limited(quota(1));
        isLetThrough(key);

        assertThat(isLetThrough(realm.key(alice))).isTrue();
        assertThat(isLetThrough(limited(quota(5)))).isTrue();
        assertThat(isLetThrough(key)).isFalse();
    }

    @Test
    void holdersExceedLimitsWhereTheRealmSaysSo() {
        realm.setPolicy(Map.of("holders-exceed-limits", "true"));
        RawKey key = limited(quota(1));
        isLetThrough(key);

        RawKey another = own.create(Map.of("name", "another")).key();

        assertThat(isLetThrough(another)).isTrue();
        assertThat(isLetThrough(own.rotate(key.id(), null).key())).isFalse();
        realm.setPolicy(Map.of("holders-exceed-limits", "false"));
        assertThat(isLetThrough(own.create(Map.of("name", "yet another")).key()))
                .isFalse();
    }

    @Test
    void otherHoldersAreNotLimited() {
        limited(quota(0));
        User bob = realm.user("bob");

        assertThat(realm.keysOf(bob).create(Map.of("name", "bob's")).shown().has("limits"))
                .isFalse();
    }

    private RawKey limited(Map<String, Object> limits) {
        return realm.key(alice, Map.of("name", "limited " + UUID.randomUUID(), "limits", limits));
    }

    private static Map<String, Object> quota(int remaining) {
        return Map.of("quota", Map.of("remaining", remaining));
    }

    private boolean isLetThrough(RawKey key) {
        int status = gateway.check(key.raw()).statusCode();
        assertThat(status).isIn(200, 429);
        return status == 200;
    }

    private long remaining(RawKey key) {
        return administrator.get(key.id()).body().at("/limits/quota/remaining").longValue();
    }

    private static <T> List<T> inParallel(int times, java.util.function.IntFunction<T> task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<T>> tasks = IntStream.range(0, times)
                    .mapToObj(i -> (Callable<T>) () -> task.apply(i))
                    .toList();
            List<T> all = new ArrayList<>();
            for (var answer : threads.invokeAll(tasks)) {
                all.add(answer.get());
            }
            return all;
        } finally {
            threads.shutdown();
        }
    }
}
