package io.apikeys.keycloak.rest.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.KeyAnswer;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.events.EventType;

/** Users look after their own keys. */
class SelfServiceIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final KeysApi keys = realm.keysOf(alice);

    @Test
    void aNewKeyIsShownOnceAndSignsIn() {
        Answer created = keys.create(Map.of("name", "laptop"));

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Cache-Control")).contains("no-store");
        String id = created.shown().id();
        assertThat(created.header("Location")).endsWith("/realms/" + realm.name() + "/api-keys/" + id);
        assertThat(keys.get(id).shown().has("key")).isFalse();
        assertThat(keys.list(Map.of()).keys().get(0).has("key")).isFalse();
        String key = created.shown().raw();
        assertThat(realm.app().logIn(new Browser()).tryApiKey().typeKey(key).parameter("code"))
                .isNotEmpty();
    }

    @Test
    void keysAreListedNewestFirstInPages() throws InterruptedException {
        for (String name : List.of("first", "second", "third")) {
            keys.create(Map.of("name", name));
            Thread.sleep(2);
        }

        assertThat(names(keys.list(Map.of()))).containsExactly("third", "second", "first");
        assertThat(names(keys.list(Map.of("first", "1", "max", "1")))).containsExactly("second");
        assertThat(names(keys.list(Map.of("first", "7")))).isEmpty();
        assertThat(names(keys.list(Map.of("max", "0")))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"first,-1", "first,x", "max,-1", "max,99999999999"})
    void invalidPageParametersAreRefused(String parameter, String value) {
        Answer answer = keys.list(Map.of(parameter, value));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field()).isEqualTo(parameter);
    }

    @Test
    void aKeyExpiresWhenRequested() {
        KeyAnswer in = keys.create(Map.of("name", "in", "expiresIn", 3600)).shown();
        KeyAnswer at = keys.create(Map.of("name", "at", "expiresAt", "2099-01-31T12:00:00.5+02:00"))
                .shown();

        assertThat(in.expiry())
                .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3600));
        assertThat(at.expiresAt()).isEqualTo("2099-01-31T10:00:00Z");
    }

    @Test
    void aKeyIsRenamedAndDisabledAndEnabledAndDeleted() {
        String id = create("laptop");

        assertThat(keys.change(id, Map.of("name", " desktop ")).shown().name()).isEqualTo("desktop");
        assertThat(keys.change(id, Map.of("name", "Desktop")).status()).isEqualTo(200);
        assertThat(keys.change(id, Map.of("enabled", false)).shown().isEnabled())
                .isFalse();
        assertThat(keys.change(id, Map.of("enabled", true)).shown().isEnabled()).isTrue();
        assertThat(keys.get(id).shown().name()).isEqualTo("Desktop");
        assertThat(keys.delete(id).status()).isEqualTo(204);
        assertThat(keys.get(id).status()).isEqualTo(404);
        assertThat(keys.delete(id).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name         | {}",
                "name         | {'name':null}",
                "name         | {'name':'  '}",
                "name         | {'name':7}",
                "name         | {'name':['x']}",
                "name         | {'name':'a\\u0000b'}",
                "name         | {'name':'a\\nb'}",
                "name         | {'name':'a\\ud800'}",
                "expiresIn    | {'name':'x','expiresIn':0}",
                "expiresIn    | {'name':'x','expiresIn':-5}",
                "expiresIn    | {'name':'x','expiresIn':1.5}",
                "expiresIn    | {'name':'x','expiresIn':'60'}",
                "expiresIn    | {'name':'x','expiresIn':9223372036854775807}",
                "expiresIn    | {'name':'x','expiresIn':92233720368547758070}",
                "expiresIn    | {'name':'x','expiresIn':60,'expiresAt':'2099-01-01T00:00:00Z'}",
                "expiresAt    | {'name':'x','expiresIn':999999999999}",
                "expiresAt    | {'name':'x','expiresAt':'2001-01-01T00:00:00Z'}",
                "expiresAt    | {'name':'x','expiresAt':'tomorrow'}",
                "expiresAt    | {'name':'x','expiresAt':'2099-01-01T00:00:00'}",
                "expiresAt    | {'name':'x','expiresAt':'+999999-01-01T00:00:00Z'}",
                "expiresAt    | {'name':'x','expiresAt':1893456000}",
                "limits | {'name':'x','limits':{}}",
                "limits       | {'name':'x','limits':{}}",
                "key          | {'name':'x','key':'kck_mine'}",
                "userId       | {'name':'x','userId':'somebody'}",
                "''           | {'name':'x','name':'y'}",
                "''           | {'name':'x'} {'name':'y'}",
                "''           | ['name']",
                "''           | 'name'",
                "''           | null",
                "''           | {'name'",
                "''           | ''",
            })
    void aBadFieldIsNamedAndNothingIsMade(String field, String body) {
        Answer answer = keys.create(body.replace('\'', '"'));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field()).isEqualTo(field);
        assertThat(answer.errorMessage()).isNotBlank();
        assertThat(keys.list(Map.of()).keys()).isEmpty();
    }

    @Test
    void aNameOfMoreThanAHundredCharactersIsRefused() {
        assertThat(keys.create(Map.of("name", "x".repeat(100))).status()).isEqualTo(201);
        assertThat(keys.create(Map.of("name", "y".repeat(101))).field()).isEqualTo("name");
    }

    @Test
    void aBodyOfMoreThan64KiBIsRefused() {
        assertThat(keys.create(Map.of("name", "x".repeat(70_000))).status()).isEqualTo(413);
    }

    @Test
    void aNameIsTakenOnce() {
        create("laptop");
        String other = create("desktop");

        assertThat(keys.create(Map.of("name", "Laptop")).status()).isEqualTo(409);
        assertThat(keys.create(Map.of("name", "Laptop")).field()).isEqualTo("name");
        assertThat(keys.change(other, Map.of("name", "laptop")).status()).isEqualTo(409);
    }

    @Test
    void aRefusedChangeLeavesNothingBehind() {
        create("laptop");
        String id = create("desktop");

        assertThat(keys.change(id, Map.of("name", "laptop", "enabled", false)).status())
                .isEqualTo(409);
        assertThat(keys.change(id, Map.of("name", "other", "enabled", "no")).field())
                .isEqualTo("enabled");
        assertThat(keys.change(id, Map.of("name", "")).field()).isEqualTo("name");
        assertThat(keys.change(id, Map.of("hint", "x")).field()).isEqualTo("hint");

        assertThat(keys.get(id).shown().name()).isEqualTo("desktop");
        assertThat(keys.get(id).shown().isEnabled()).isTrue();
    }

    @Test
    void aHundredKeysAreEnoughWhoeverRacesForThem() throws Exception {
        for (int i = 0; i < 95; i++) {
            create("key " + i);
        }
        ExecutorService racers = Executors.newFixedThreadPool(8);
        List<Callable<Integer>> attempts = IntStream.range(0, 16)
                .mapToObj(i -> (Callable<Integer>)
                        () -> keys.create(Map.of("name", "racer " + i)).status())
                .toList();
        int made = 0;
        for (Future<Integer> attempt : racers.invokeAll(attempts)) {
            assertThat(attempt.get()).isIn(201, 409);
            made += attempt.get() == 201 ? 1 : 0;
        }
        racers.shutdown();

        assertThat(made).isEqualTo(5);
        assertThat(keys.list(Map.of("max", "200")).keys()).hasSize(100);
    }

    @Test
    void racersForOneNameMakeOneKey() throws Exception {
        ExecutorService racers = Executors.newFixedThreadPool(8);
        List<Callable<Integer>> attempts = IntStream.range(0, 8)
                .mapToObj(i -> (Callable<Integer>)
                        () -> keys.create(Map.of("name", "the same")).status())
                .toList();
        racers.invokeAll(attempts);
        racers.shutdown();

        assertThat(names(keys.list(Map.of()))).containsExactly("the same");
    }

    @Test
    void otherPeoplesKeysAndOtherCredentialsDoNotExist() {
        RawKey ofBob = realm.key(realm.user("bob"));
        String password =
                realm.admin().users().get(alice.id()).credentials().get(0).getId();

        for (String id : List.of(ofBob.id(), password, "nonsense", "%00")) {
            assertThat(keys.get(id).status()).isEqualTo(404);
            assertThat(keys.change(id, Map.of("enabled", false)).status()).isEqualTo(404);
            assertThat(keys.delete(id).status()).isEqualTo(404);
        }
        assertThat(realm.keys().get(ofBob.id()).shown().isEnabled()).isTrue();
    }

    @Test
    void nobodyGetsInWithoutAGoodToken() {
        TestRealm other = TestRealm.create();
        String ofOtherRealm = other.app()
                .passwordGrant(other.user("alice").username(), TestRealm.PASSWORD)
                .access();
        String idToken = realm.app().passwordGrant("alice", TestRealm.PASSWORD).id();
        String key = realm.key(alice).raw();

        for (String token : new String[] {null, "", "nonsense", ofOtherRealm, idToken, key}) {
            Answer answer = KeysApi.selfService(realm, token).create(Map.of("name", "x"));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(KeysApi.selfService(realm, token).list(Map.of()).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aTokenOfAUserWhoWasDisabledSinceIsRefused() {
        realm.users().disable(alice);

        assertThat(keys.list(Map.of()).status()).isEqualTo(401);
    }

    @Test
    void withViewProfileAloneKeysCanBeReadButNotChanged() {
        RawKey key = realm.key(alice);
        realm.users().leaveOnlyAccountRole(alice, "view-profile");
        KeysApi reader = realm.keysOf(alice);

        assertThat(reader.list(Map.of()).status()).isEqualTo(200);
        assertThat(reader.get(key.id()).status()).isEqualTo(200);
        assertThat(reader.create(Map.of("name", "x")).status()).isEqualTo(403);
        assertThat(reader.change(key.id(), Map.of("name", "x")).status()).isEqualTo(403);
        assertThat(reader.delete(key.id()).status()).isEqualTo(403);
    }

    @Test
    void withoutAnAccountRoleNothingCanBeRead() {
        realm.users().leaveOnlyAccountRole(alice, "view-applications");

        assertThat(realm.keysOf(alice).list(Map.of()).status()).isEqualTo(403);
    }

    @Test
    void aServiceAccountHasNoKeys() {
        assertThat(KeysApi.selfService(realm, realm.clients().serviceAccountToken("robot"))
                        .list(Map.of())
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aLightweightTokenWorks() {
        assertThat(KeysApi.selfService(
                                realm,
                                realm.clients()
                                        .adminCli()
                                        .passwordGrant("alice", TestRealm.PASSWORD)
                                        .access())
                        .list(Map.of())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aRealmWithoutAccountManagementHasNoSelfService() {
        realm.clients().disableClient("account");

        assertThat(keys.list(Map.of()).status()).isEqualTo(404);
    }

    @Test
    void aSessionOpenedWithAKeyReadsButDoesNotChangeKeys() {
        RawKey key = realm.key(alice);
        String token = realm.app()
                .tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(key.raw()))
                .access();
        KeysApi thief = KeysApi.selfService(realm, token);

        assertThat(thief.list(Map.of()).keys()).hasSize(1);
        assertThat(thief.create(Map.of("name", "successor")).status()).isEqualTo(403);
        assertThat(thief.change(key.id(), Map.of("name", "x")).status()).isEqualTo(403);
        assertThat(thief.delete(key.id()).status()).isEqualTo(403);

        assertThat(keys.list(Map.of()).keys()).hasSize(1);
        assertThat(realm.events().ofType(EventType.UPDATE_CREDENTIAL_ERROR))
                .hasSize(2)
                .allSatisfy(event -> {
                    assertThat(event.getError()).isEqualTo("not_allowed");
                    assertThat(event.getDetails()).containsEntry("api_key_id", key.id());
                });
        assertThat(realm.events().ofType(EventType.REMOVE_CREDENTIAL_ERROR)).hasSize(1);
    }

    @Test
    void changesAreInTheEvents() {
        String id = create("laptop");
        keys.change(id, Map.of("enabled", false));
        keys.delete(id);

        assertThat(realm.events().ofType(EventType.UPDATE_CREDENTIAL)).hasSize(2);
        assertThat(realm.events().ofType(EventType.UPDATE_CREDENTIAL, EventType.REMOVE_CREDENTIAL))
                .hasSize(3)
                .allSatisfy(event -> {
                    assertThat(event.getUserId()).isEqualTo(alice.id());
                    assertThat(event.getClientId()).isEqualTo("app");
                    assertThat(event.getDetails())
                            .containsEntry("credential_type", "api-key")
                            .containsEntry("api_key_id", id);
                });
    }

    @Test
    void aWebPageOfTheTokensClientMayCall() {
        HttpResponse<String> answer = fromOrigin("http://app.example");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("http://app.example");
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
                .contains("Location", "WWW-Authenticate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "http://app.example.evil.example"})
    void aWebPageOfSomebodyElseMayNot(String origin) {
        HttpResponse<String> answer = fromOrigin(origin);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void browsersMayAskWhatIsAllowed() {
        HttpRequest.Builder question = Http.request(
                        KeycloakServer.running().uri("/realms/" + realm.name() + "/api-keys/some-id"))
                .header("Origin", "http://app.example")
                .header("Access-Control-Request-Method", "PATCH")
                .method("OPTIONS", BodyPublishers.noBody());

        HttpResponse<String> answer = new Http().send(question);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Methods").orElseThrow())
                .contains("GET", "POST", "PATCH", "DELETE");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
                .contains("Authorization", "Content-Type");
    }

    private HttpResponse<String> fromOrigin(String origin) {
        String token = realm.app().passwordGrant("alice", TestRealm.PASSWORD).access();
        return new Http()
                .send(Http.request(KeycloakServer.running().uri("/realms/" + realm.name() + "/api-keys"))
                        .header("Origin", origin)
                        .header("Authorization", "Bearer " + token));
    }

    private String create(String name) {
        return keys.create(Map.of("name", name)).shown().id();
    }

    private static List<String> names(Answer answer) {
        return answer.keys().stream().map(KeyAnswer::name).toList();
    }
}
