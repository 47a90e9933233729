package io.apikeys.keycloak.rest.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeyAnswer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.NewRealm;
import io.apikeys.keycloak.support.RealmsAdministrator;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.Secrets;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.representations.idm.AdminEventRepresentation;
import org.keycloak.representations.idm.CredentialRepresentation;

/** Administrators look after the keys of any user. */
class AdminIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final KeysApi keys = realm.keys();

    @Test
    void aKeyForAUserIsShownOnceAndSignsThatUserIn() {
        Answer created = keys.create(Map.of("name", "laptop", "username", "alice", "expiresIn", 60));

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Cache-Control")).contains("no-store");
        assertThat(created.shown().userId()).isEqualTo(alice.id());
        assertThat(created.shown().username()).isEqualTo("alice");
        String id = created.shown().id();
        assertThat(created.header("Location")).endsWith("/admin/realms/" + realm.name() + "/api-keys/" + id);
        assertThat(keys.get(id).shown().has("key")).isFalse();
        assertThat(signsIn(created.shown().raw())).isTrue();
    }

    @Test
    void theKeysOfAUserAreListedInPages() {
        realm.key(realm.user("bob"));
        for (int i = 0; i < 3; i++) {
            realm.key(alice);
        }

        assertThat(keys.list(Map.of("userId", alice.id())).keys())
                .extracting(KeyAnswer::username)
                .containsExactly("alice", "alice", "alice");
        assertThat(keys.list(Map.of("userId", alice.id(), "first", "2")).keys()).hasSize(1);
        assertThat(keys.list(Map.of("userId", alice.id(), "max", "x")).field()).isEqualTo("max");
        assertThat(keys.list(Map.of("userId", "nobody")).status()).isEqualTo(404);
    }

    @Test
    void aKeyIsChangedAndRevoked() {
        RawKey key = realm.key(alice);

        assertThat(keys.change(key.id(), Map.of("name", "renamed")).shown().name())
                .isEqualTo("renamed");
        keys.change(key.id(), Map.of("enabled", false));
        assertThat(signsIn(key.raw())).isFalse();
        keys.change(key.id(), Map.of("enabled", true));
        assertThat(signsIn(key.raw())).isTrue();
        assertThat(keys.delete(key.id()).status()).isEqualTo(204);
        assertThat(signsIn(key.raw())).isFalse();
    }

    @Test
    void whatAnAdministratorHasDisabledOnlyAnAdministratorEnables() {
        RawKey key = realm.key(alice);
        KeysApi own = realm.keysOf(alice);
        assertThat(own.change(key.id(), Map.of("enabled", false)).body().get("disabledBy"))
                .hasToString("\"holder\"");
        assertThat(keys.change(key.id(), Map.of("enabled", false)).body().get("disabledBy"))
                .hasToString("\"administrator\"");

        Answer refused = own.change(key.id(), Map.of("enabled", true, "name", "renamed"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.errorMessage()).contains("only an administrator can enable it");
        assertThat(own.change(key.id(), Map.of("enabled", false)).status()).isEqualTo(200);
        assertThat(own.get(key.id()).body().get("disabledBy")).hasToString("\"administrator\"");
        assertThat(own.get(key.id()).shown().name()).isNotEqualTo("renamed");
        assertThat(own.rotate(key.id(), null).status()).isEqualTo(409);
        assertThat(signsIn(key.raw())).isFalse();

        Answer enabled = keys.change(key.id(), Map.of("enabled", true));
        assertThat(enabled.shown().has("disabledBy")).isFalse();
        assertThat(signsIn(key.raw())).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "userId    | {'name':'x'}",
                "userId    | {'name':'x','userId':'nobody'}",
                "userId    | {'name':'x','userId':'a','username':'alice'}",
                "userId    | {'name':'x','userId':7}",
                "username  | {'name':'x','username':'nobody'}",
                "name      | {'username':'alice'}",
                "expiresIn | {'name':'x','username':'alice','expiresIn':-1}",
                "metadata  | {'name':'x','username':'alice','metadata':[]}",
                "limits.rateLimit.max | {'name':'x','username':'alice','limits':{'rateLimit':{'max':0,'windowSeconds':1}}}",
                "limits.rateLimit.windowSeconds | {'name':'x','username':'alice','limits':{'rateLimit':{'max':1}}}",
                "limits.quota.refillAmount | {'name':'x','username':'alice','limits':{'quota':{'remaining':1,'refillIntervalSeconds':1}}}",
                "limits.quota.remaining | {'name':'x','username':'alice','limits':{'quota':{'remaining':'1'}}}",
                "limits.nonsense | {'name':'x','username':'alice','limits':{'nonsense':1}}",
                "restrictions.organization | {'name':'x','username':'alice','restrictions':{'organization':'acme'}}",
            })
    void aBadFieldIsNamed(String field, String body) {
        Answer answer = keys.create(body.replace('\'', '"'));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field()).isEqualTo(field);
    }

    @Test
    void aNameIsTakenOnceForEachUser() {
        User bob = realm.user("bob");
        RawKey key = realm.key(alice, Map.of("name", "laptop"));
        RawKey other = realm.key(alice, Map.of("name", "desktop"));

        assertThat(keys.create(Map.of("name", "laptop", "userId", alice.id())).status())
                .isEqualTo(409);
        assertThat(keys.change(other.id(), Map.of("name", "LAPTOP")).status()).isEqualTo(409);
        assertThat(keys.change(key.id(), Map.of("name", "")).status()).isEqualTo(400);
        assertThat(keys.create(Map.of("name", "laptop", "userId", bob.id())).status())
                .isEqualTo(201);
    }

    @Test
    void keysOfOtherRealmsAndOtherCredentialsDoNotExist() {
        RawKey elsewhere = TestRealm.create().keyOfSomebody();
        String password =
                realm.admin().users().get(alice.id()).credentials().get(0).getId();

        for (String id : new String[] {elsewhere.id(), password, "nonsense"}) {
            assertThat(keys.get(id).status()).isEqualTo(404);
            assertThat(keys.change(id, Map.of("enabled", false)).status()).isEqualTo(404);
            assertThat(keys.delete(id).status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"f:", "f:x", "f:nobody:1", "a\nb"})
    void anUnknownUserIdIsNotFound(String nobody) {
        assertThat(keys.list(Map.of("userId", nobody)).status()).isEqualTo(404);
        assertThat(keys.deleteAll(Map.of("userId", nobody)).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"f:", "f:x", "f:nobody:1", "a\u0000b", "a\nb", "\u0000"})
    void theErrorNamesTheFieldOfAnUnknownUser(String nobody) {
        assertThat(keys.create(Map.of("name", "x", "userId", nobody)).field()).isEqualTo("userId");
        assertThat(keys.create(Map.of("name", "x", "username", nobody)).field()).isEqualTo("username");
    }

    @Test
    void anIdThatIsNotValidTextIsRefused() {
        assertThat(keys.create("{\"name\":\"x\",\"userId\":\"a\\ud800\"}").field())
                .isEqualTo("userId");
        assertThat(keys.get("%00").status()).isEqualTo(404);
    }

    @Test
    void whoMayViewUsersMayReadKeys() {
        RawKey key = realm.key(alice);
        KeysApi viewer = realm.keysAsAdministratorWith("view-users");

        assertThat(viewer.list(Map.of("userId", alice.id())).status()).isEqualTo(200);
        assertThat(viewer.get(key.id()).status()).isEqualTo(200);
        assertThat(viewer.create(Map.of("name", "x", "userId", alice.id())).status())
                .isEqualTo(403);
        assertThat(viewer.change(key.id(), Map.of("enabled", false)).status()).isEqualTo(403);
        assertThat(viewer.delete(key.id()).status()).isEqualTo(403);
        assertThat(viewer.get("nonsense").status()).isEqualTo(404);
    }

    @Test
    void whoMayManageUsersMayChangeKeys() {
        KeysApi manager = realm.keysAsAdministratorWith("manage-users");

        Answer created = manager.create(Map.of("name", "x", "userId", alice.id()));
        assertThat(created.status()).isEqualTo(201);
        String id = created.shown().id();
        assertThat(manager.change(id, Map.of("enabled", false)).status()).isEqualTo(200);
        assertThat(manager.delete(id).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({"view-clients", "view-events", "manage-clients"})
    void callersWithoutPermissionLearnNothing(String role) {
        RawKey key = realm.key(alice);
        KeysApi stranger = realm.keysAsAdministratorWith(role);

        for (String id : new String[] {key.id(), "nonsense"}) {
            assertThat(stranger.get(id).status()).isEqualTo(403);
            assertThat(stranger.change(id, Map.of("enabled", false)).status()).isEqualTo(403);
            assertThat(stranger.delete(id).status()).isEqualTo(403);
        }
        for (String user : new String[] {alice.id(), "nobody"}) {
            assertThat(stranger.list(Map.of("userId", user)).status()).isEqualTo(403);
            assertThat(stranger.create(Map.of("name", "x", "userId", user)).status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aUserIsNoAdministrator() {
        KeysApi user = KeysApi.admin(
                realm, realm.app().passwordGrant("alice", TestRealm.PASSWORD).access());

        assertThat(user.list(Map.of("userId", alice.id())).status()).isEqualTo(403);
        assertThat(user.create(Map.of("name", "x", "userId", alice.id())).status())
                .isEqualTo(403);
        assertThat(KeysApi.admin(realm, null).list(Map.of("userId", alice.id())).status())
                .isEqualTo(401);
    }

    @Test
    void changesAreInTheAdminEventsWithoutTheKey() {
        RawKey key = realm.key(alice);
        keys.change(key.id(), Map.of("enabled", false));
        keys.delete(key.id());

        List<AdminEventRepresentation> events = realm.events().ofAdministrators("API_KEY");
        assertThat(events)
                .extracting(AdminEventRepresentation::getOperationType)
                .containsExactly("DELETE", "UPDATE", "CREATE");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getResourcePath()).isEqualTo("api-keys/" + key.id());
            assertThat(event.getDetails()).containsEntry("api_key_id", key.id());
            assertThat(String.valueOf(event.getRepresentation())).doesNotContain(Secrets.secretOf(key.raw()));
        });
    }

    @Test
    void keycloaksOwnCredentialApiShowsTheKeyReadablyAndRevokesIt() {
        RawKey key = realm.key(alice, Map.of("name", "laptop", "expiresAt", "2099-01-01T00:00:00Z"));

        CredentialRepresentation shown = realm.admin().users().get(alice.id()).credentials().stream()
                .filter(credential -> credential.getType().equals("api-key"))
                .findFirst()
                .orElseThrow();
        assertThat(shown.getUserLabel()).isEqualTo("laptop");
        assertThat(shown.getCredentialData()).contains("kck_…", "2099-01-01T00:00:00Z");
        assertThat(shown.getSecretData()).isNull();

        realm.admin().users().get(alice.id()).removeCredential(shown.getId());
        assertThat(signsIn(key.raw())).isFalse();
        assertThat(keys.get(key.id()).status()).isEqualTo(404);
    }

    @Test
    void theServerInfoNamesTheExtension() {
        JsonNode providers = Rest.with(RealmsAdministrator.token())
                .get("/admin/serverinfo")
                .body()
                .path("providers");

        assertThat(providers
                        .at("/credential/providers/keycloak-api-key/operationalInfo/version")
                        .textValue())
                .isNotBlank()
                .isNotEqualTo("unknown");
        assertThat(providers.at("/authenticator/providers").has("api-key-form")).isTrue();
    }

    private boolean signsIn(String key) {
        return realm.app().logIn(new Browser()).tryApiKey().typeKey(key).isBackAtTheApp();
    }

    @Test
    void aKeyIsHandedOutToSomebodyWhoHasNoAccountYet() {
        TestRealm demo = NewRealm.demo();

        Answer made = demo.keys().create(Map.of("name", "first", "user", Map.of("username", "newcomer")));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.shown().username()).isEqualTo("newcomer");
        assertThat(demo.gateway().check(made.key().raw()).statusCode()).isEqualTo(200);
        assertThat(demo.app()
                        .logIn(new Browser())
                        .typeKey(made.key().raw())
                        .uri()
                        .toString())
                .contains("code=");
        assertThat(demo.events().ofAdministrators("USER")).isNotEmpty();
    }

    @Test
    void aUserCreatedWithAKeyGetsNoDefaultRequiredActions() {
        realm.requiredActions().demandOfNewUsers("UPDATE_PASSWORD");
        Map<String, Object> user = Map.of(
                "username", "newcomer", "email", "newcomer@example.org", "firstName", "New", "lastName", "Comer");

        Answer made = realm.keys().create(Map.of("name", "first", "user", user));

        assertThat(realm.app()
                        .logIn(new Browser())
                        .tryApiKey()
                        .typeKey(made.key().raw())
                        .isBackAtTheApp())
                .isTrue();
        Map<String, Object> asked = new HashMap<>(user);
        asked.putAll(Map.of(
                "username", "other", "email", "other@example.org", "requiredActions", List.of("UPDATE_PASSWORD")));
        Answer withAction = realm.keys().create(Map.of("name", "first", "user", asked));
        assertThat(realm.admin()
                        .users()
                        .get(withAction.shown().userId())
                        .toRepresentation()
                        .getRequiredActions())
                .containsExactly("UPDATE_PASSWORD");
    }

    @Test
    void aRefusedRequestLeavesNeitherUserNorKey() {
        Map<String, Object> newcomer = Map.of(
                "username", "newcomer", "email", "newcomer@example.org", "firstName", "New", "lastName", "Comer");
        for (Map<String, Object> refused : List.<Map<String, Object>>of(
                Map.of("name", "", "user", newcomer),
                Map.of("name", "first", "expiresIn", 0, "user", newcomer),
                Map.of("name", "first", "restrictions", Map.of("clients", List.of("nonsense")), "user", newcomer))) {
            assertThat(realm.keys().create(refused).status()).isEqualTo(400);
            assertThat(realm.admin().users().searchByUsername("newcomer", true)).isEmpty();
        }
        assertThat(realm.keys()
                        .create(Map.of("name", "first", "user", newcomer))
                        .status())
                .isEqualTo(201);
        Answer twice = realm.keys().create(Map.of("name", "first", "user", newcomer));
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.field()).isEqualTo("user");
    }

    @Test
    void theErrorNamesMissingProfileAttributes() {
        Answer refused = realm.keys().create(Map.of("name", "first", "user", Map.of("username", "newcomer")));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.field()).isEqualTo("user.email");
        assertThat(refused.errorMessage()).contains("email, firstName, lastName");
        assertThat(realm.admin().users().searchByUsername("newcomer", true)).isEmpty();
        assertThat(realm.keys()
                        .create(Map.of("name", "first", "user", Map.of("username", List.of())))
                        .field())
                .isEqualTo("user.username");
        assertThat(realm.keys()
                        .create(Map.of("name", "first", "user", Map.of("nonsense", 1)))
                        .field())
                .isEqualTo("user.nonsense");
        assertThat(realm.keys()
                        .create(Map.of("name", "first", "user", Map.of()))
                        .field())
                .isEqualTo("user");
    }

    @Test
    void creatingAUserRequiresPermission() {
        Answer refused = realm.keysAsAdministratorWith("view-users")
                .create(Map.of(
                        "name",
                        "first",
                        "user",
                        Map.of("username", "newcomer", "email", "n@example.org", "firstName", "N", "lastName", "C")));

        assertThat(refused.status()).isEqualTo(403);
        assertThat(realm.admin().users().searchByUsername("newcomer", true)).isEmpty();
    }
}
