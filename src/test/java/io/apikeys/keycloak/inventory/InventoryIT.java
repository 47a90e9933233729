package io.apikeys.keycloak.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.KeyAnswer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator asks of all the keys of a realm. */
class InventoryIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final User bob = realm.user("bob");
    private final KeysApi keys = realm.keys();

    @Test
    void allKeysOfTheRealmAreListedNewestFirst() {
        realm.key(alice, Map.of("name", "first"));
        realm.key(bob, Map.of("name", "second"));
        realm.key(alice, Map.of("name", "third"));
        TestRealm.create().keyOfSomebody();

        assertThat(names(Map.of())).containsExactly("third", "second", "first");
        assertThat(names(Map.of("first", "1", "max", "1"))).containsExactly("second");
        assertThat(names(Map.of("max", "0"))).isEmpty();
        assertThat(names(Map.of("userId", alice.id()))).containsExactly("third", "first");
        assertThat(keys.count(Map.of()).body().intValue()).isEqualTo(3);
        assertThat(keys.count(Map.of("userId", bob.id())).body().intValue()).isEqualTo(1);
        assertThat(keys.list(Map.of()).keys().get(0).username()).isEqualTo("alice");
    }

    @Test
    void theyAreSearchedByNameHintAndUser() {
        RawKey laptop = realm.key(alice, Map.of("name", "Laptop 100%_!"));
        realm.key(bob, Map.of("name", "desktop"));

        assertThat(names(Map.of("search", "lapTOP"))).containsExactly("Laptop 100%_!");
        assertThat(names(Map.of("search", "%"))).containsExactly("Laptop 100%_!");
        assertThat(names(Map.of("search", "_!"))).containsExactly("Laptop 100%_!");
        assertThat(names(Map.of("search", "BOB"))).containsExactly("desktop");
        assertThat(names(Map.of("search", bob.id()))).containsExactly("desktop");
        assertThat(names(Map.of("search", ForgedKey.hint(laptop.raw())))).containsExactly("Laptop 100%_!");
        assertThat(names(Map.of("search", "nothing of the kind"))).isEmpty();
        assertThat(keys.count(Map.of("search", "top")).body().intValue()).isEqualTo(2);
    }

    @Test
    void searchIgnoresCaseInAnyScript() {
        User user = realm.users().withNothingButAName("ølle");
        RawKey key = realm.key(user, Map.of("name", "Übergabe Сервер 🔑"));

        for (String text : List.of("ÜBERGABE", "übergabe", "СЕРВЕР", "сервер", "ØLL", "ølle")) {
            assertThat(names(Map.of("search", text))).as(text).containsExactly("Übergabe Сервер 🔑");
        }

        realm.admin().users().get(user.id()).setCredentialUserLabel(key.id(), "ÉCOLE");
        assertThat(names(Map.of("search", "école"))).containsExactly("ÉCOLE");
        assertThat(names(Map.of("search", "übergabe"))).isEmpty();
    }

    @Test
    void theyAreFoundByTheirEnd() {
        realm.key(alice, Map.of("name", "soon", "expiresIn", 3600));
        realm.key(alice, Map.of("name", "later", "expiresIn", 360_000));
        realm.key(alice, Map.of("name", "never"));

        assertThat(names(Map.of("expiresBefore", Instant.now().plusSeconds(7200).toString())))
                .containsExactly("soon");
        assertThat(names(Map.of("expiresBefore", "2099-01-01T00:00:00+01:00"))).containsExactly("later", "soon");
    }

    @Test
    void theyAreFoundByStateLimitsAndKindOfHolder() {
        RawKey off = realm.key(alice, Map.of("name", "off"));
        keys.change(off.id(), Map.of("enabled", false));
        RawKey limited = realm.key(
                bob, Map.of("name", "limited", "limits", Map.of("rateLimit", Map.of("max", 10, "windowSeconds", 60))));
        realm.clients().serviceAccountToken("robot");
        keys.create(Map.of("name", "robot", "username", "service-account-robot"));

        assertThat(names(Map.of("disabled", "true"))).containsExactly("off");
        assertThat(names(Map.of("disabled", "false"))).containsExactly("robot", "limited");
        assertThat(names(Map.of("limited", "true"))).containsExactly("limited");
        assertThat(names(Map.of("limited", "false"))).containsExactly("robot", "off");
        assertThat(names(Map.of("serviceAccount", "true"))).containsExactly("robot");
        assertThat(names(Map.of("serviceAccount", "false", "search", "o"))).containsExactly("limited", "off");
        assertThat(keys.count(Map.of("serviceAccount", "true")).body().intValue())
                .isEqualTo(1);

        keys.change(off.id(), Map.of("enabled", true));
        keys.change(limited.id(), "{\"limits\":null}");
        assertThat(names(Map.of("disabled", "true"))).isEmpty();
        assertThat(names(Map.of("limited", "true"))).isEmpty();
    }

    @Test
    void theyAreSorted() {
        realm.key(bob, Map.of("name", "alpha", "expiresIn", 7200));
        RawKey used = realm.key(alice, Map.of("name", "Beta"));
        realm.key(bob, Map.of("name", "gamma", "expiresIn", 3600));
        realm.gateway().check(used.raw());

        assertThat(names(Map.of("sort", "name"))).containsExactly("alpha", "Beta", "gamma");
        assertThat(names(Map.of("sort", "-name", "max", "2"))).containsExactly("gamma", "Beta");
        assertThat(names(Map.of("sort", "createdAt"))).containsExactly("alpha", "Beta", "gamma");
        assertThat(names(Map.of("sort", "username"))).first().isEqualTo("Beta");
        assertThat(names(Map.of("sort", "-username"))).last().isEqualTo("Beta");
        assertThat(names(Map.of("sort", "expiresAt"))).containsExactly("gamma", "alpha", "Beta");
        assertThat(names(Map.of("sort", "-expiresAt"))).containsExactly("Beta", "alpha", "gamma");
        await().untilAsserted(() ->
                assertThat(names(Map.of("sort", "-lastUsedAt"))).first().isEqualTo("Beta"));
        assertThat(names(Map.of("sort", "lastUsedAt"))).last().isEqualTo("Beta");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sort", "disabled", "limited", "serviceAccount"})
    void aParameterThatMakesNoSenseIsNamed(String parameter) {
        Answer answer = keys.list(Map.of(parameter, "perhaps"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field()).isEqualTo(parameter);
    }

    @Test
    void theyAreFoundByNotBeingUsed() throws Exception {
        RawKey used = realm.key(alice, Map.of("name", "used"));
        realm.key(bob, Map.of("name", "unused"));
        Thread.sleep(1_100);
        Instant since = Instant.now();
        realm.key(bob, Map.of("name", "new"));
        Thread.sleep(1_100);
        realm.gateway().check(used.raw());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> keys.get(used.id()).body().get("lastUsedAt").isTextual());

        assertThat(names(Map.of("unusedSince", since.toString()))).containsExactly("unused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"expiresBefore", "unusedSince"})
    void whatIsNoTimeIsNamed(String parameter) {
        for (Answer refused : List.of(keys.list(Map.of(parameter, "tomorrow")), keys.count(Map.of(parameter, "1")))) {
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.field()).isEqualTo(parameter);
        }
    }

    @Test
    void changesElsewhereInKeycloakAreSeen() {
        RawKey key = realm.key(alice, Map.of("name", "before"));
        realm.key(bob, Map.of("name", "of bob"));
        realm.key(alice, Map.of("name", "other"));
        realm.admin().users().get(alice.id()).setCredentialUserLabel(key.id(), "after");
        realm.admin().users().delete(bob.id()).close();

        assertThat(names(Map.of("search", "after"))).containsExactly("after");
        assertThat(names(Map.of())).containsExactly("other", "after");

        realm.admin().users().get(alice.id()).removeCredential(key.id());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(keys.count(Map.of()).body().intValue()).isEqualTo(1));
    }

    @Test
    void aRealmThatIsRemovedTakesThemAlong() {
        TestRealm other = TestRealm.create();
        RawKey key = other.keyOfSomebody();
        other.gateway().check(key.raw());

        other.admin().remove();

        assertThat(Rest.with("").status("GET", "/realms/" + other.name())).isEqualTo(404);
    }

    @Test
    void whoMayNotSeeAllUsersAsksForOne() {
        realm.key(alice);
        KeysApi query = realm.keysAsAdministratorWith("query-users");

        assertThat(query.list(Map.of()).status()).isEqualTo(403);
        assertThat(query.count(Map.of()).status()).isEqualTo(403);
        assertThat(query.list(Map.of("userId", alice.id())).status()).isEqualTo(403);
        assertThat(realm.keysAsAdministratorWith("view-users").list(Map.of()).keys())
                .hasSize(1);
    }

    @Test
    void aFoundKeyIsLookedUpWhateverItsState() {
        RawKey key = realm.key(alice);
        keys.change(key.id(), Map.of("enabled", false));

        Answer found = keys.lookUp(" " + key.raw() + "\n");

        assertThat(found.status()).isEqualTo(200);
        assertThat(found.shown().id()).isEqualTo(key.id());
        assertThat(found.shown().username()).isEqualTo("alice");
        assertThat(keys.lookUp(ForgedKey.of(alice.id())).status()).isEqualTo(404);
        assertThat(keys.lookUp(TestRealm.create().keyOfSomebody().raw()).status())
                .isEqualTo(404);
        assertThat(keys.lookUp("nonsense").status()).isEqualTo(404);
        assertThat(keys.lookUp(7).field()).isEqualTo("key");
        assertThat(realm.keysAsAdministratorWith("query-users")
                        .lookUp(key.raw())
                        .status())
                .isEqualTo(403);
        assertThat(realm.keysAsAdministratorWith("view-clients")
                        .lookUp(key.raw())
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aFoundKeyIsRevokedWithAReason() {
        RawKey key = realm.key(alice);
        assertThat(realm.keysAsAdministratorWith("view-users")
                        .revoke(Map.of("key", key.raw()))
                        .status())
                .isEqualTo(403);
        assertThat(keys.revoke(Map.of("key", key.raw(), "reason", "because")).field())
                .isEqualTo("reason");
        assertThat(keys.revoke(Map.of("reason", "leaked")).field()).isEqualTo("key");
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200);

        assertThat(keys.revoke(Map.of("key", key.raw(), "reason", "leaked")).status())
                .isEqualTo(204);

        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        assertThat(keys.revoke(Map.of("key", key.raw())).status()).isEqualTo(404);
        assertThat(realm.events().ofAdministrators("API_KEY").get(0).getDetails())
                .containsEntry("reason", "leaked")
                .containsEntry("api_key_id", key.id())
                .containsEntry("api_key_holder", alice.id());
    }

    @Test
    void everyRevocationTakesAReason() {
        RawKey key = realm.key(alice);
        assertThat(keys.delete(key.id(), "nonsense").field()).isEqualTo("reason");
        assertThat(keys.deleteAll(Map.of("userId", alice.id(), "reason", "nonsense"))
                        .field())
                .isEqualTo("reason");

        assertThat(keys.delete(key.id(), "unused").status()).isEqualTo(204);
        assertThat(realm.events().ofAdministrators("API_KEY").get(0).getDetails())
                .containsEntry("reason", "unused");
        realm.key(alice);
        assertThat(keys.deleteAll(Map.of("userId", alice.id(), "reason", "other"))
                        .status())
                .isEqualTo(204);
        assertThat(realm.events().ofAdministrators("API_KEY").get(0).getDetails())
                .containsEntry("reason", "other");
    }

    @Test
    void metadataIsKeptForPrograms() {
        RawKey key = realm.key(alice, Map.of("name", "x", "metadata", Map.of("tenant", "acme", "plan", List.of(1, 2))));
        JsonNode shown = keys.get(key.id()).body();
        assertThat(shown.at("/metadata/tenant").textValue()).isEqualTo("acme");
        assertThat(realm.clients()
                        .resourceServer("reports")
                        .introspect(key.raw())
                        .body()
                        .at("/api_key/metadata/plan/1")
                        .intValue())
                .isEqualTo(2);

        realm.clients().addMapper("oidc-api-key-mapper");
        assertThat(realm.app()
                        .tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(key.raw()))
                        .accessClaims()
                        .at("/api_key/metadata/tenant")
                        .textValue())
                .isEqualTo("acme");

        assertThat(keys.change(key.id(), Map.of("metadata", Map.of("big", "x".repeat(4_096))))
                        .field())
                .isEqualTo("metadata");
        assertThat(keys.change(key.id(), Map.of("metadata", Map.of("tenant", "other")))
                        .body()
                        .get("metadata"))
                .hasToString("{\"tenant\":\"other\"}");
        assertThat(keys.change(key.id(), "{\"metadata\":null}").shown().has("metadata"))
                .isFalse();
    }

    private List<String> names(Map<String, String> query) {
        return keys.list(query).keys().stream().map(KeyAnswer::name).toList();
    }
}
