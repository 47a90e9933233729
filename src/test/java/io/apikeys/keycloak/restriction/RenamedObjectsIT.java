package io.apikeys.keycloak.restriction;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.ResourceServer;
import io.apikeys.keycloak.support.StoredKey;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keycloak.admin.client.resource.RolesResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.ClientScopeRepresentation;
import org.keycloak.representations.idm.OrganizationRepresentation;
import org.keycloak.representations.idm.RoleRepresentation;

/** A key stays restricted to the objects that its restrictions named, whatever has their names later. */
class RenamedObjectsIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final App desk = realm.clients().exchanger("desk");
    private final ResourceServer reports = realm.clients().existingResourceServer("desk");

    @BeforeEach
    void aliceHasSomething() {
        realm.users().giveRole(alice, "reader");
        realm.users().giveRole(alice, "writer");
        realm.users().giveAppRole(alice, "viewer");
        realm.clients().scopes().make("orders");
        realm.clients().scopes().give("desk", "orders");
    }

    /**
     * A kind of object: how one is named in restrictions, renamed, deleted, and made again under its old name.
     *
     * @param rename null if Keycloak does not let it be renamed
     */
    private record Kind(
            Map<String, Object> restrictions,
            String missing,
            Consumer<RenamedObjectsIT> rename,
            Map<String, Object> renamed,
            Consumer<RenamedObjectsIT> delete,
            Consumer<RenamedObjectsIT> makeAgain) {

        String part() {
            return missing.substring(0, missing.indexOf('.'));
        }
    }

    private static final Kind REALM_ROLE = new Kind(
            Map.of("realmRoles", List.of("reader")),
            "realmRoles.reader",
            it -> it.renameRole("reader", "lecteur"),
            Map.of("realmRoles", List.of("lecteur")),
            it -> it.realm.admin().roles().deleteRole("reader"),
            it -> it.realm.users().giveRole(it.alice, "reader"));

    private static final Kind CLIENT_ROLE = new Kind(
            Map.of("clientRoles", Map.of("app", List.of("viewer"))),
            "clientRoles.app.viewer",
            it -> it.renameAppRole("viewer", "spectator"),
            Map.of("clientRoles", Map.of("app", List.of("spectator"))),
            it -> it.realm
                    .admin()
                    .clients()
                    .get(it.realm.clients().client("app").getId())
                    .roles()
                    .deleteRole("viewer"),
            it -> it.realm.users().giveAppRole(it.alice, "viewer"));

    private static final Kind CLIENT = new Kind(
            Map.of("clients", List.of("desk", "kiosk")),
            "clients.kiosk",
            it -> it.renameClient("kiosk", "stall"),
            Map.of("clients", List.of("desk", "stall")),
            it -> it.realm
                    .admin()
                    .clients()
                    .get(it.realm.clients().client("kiosk").getId())
                    .remove(),
            it -> it.realm.clients().exchanger("kiosk"));

    private static final Kind CLIENT_SCOPE = new Kind(
            Map.of("scopes", List.of("orders")),
            "scopes.orders",
            it -> it.renameScope("orders", "purchases"),
            Map.of("scopes", List.of("purchases")),
            it -> it.deleteScope("orders"),
            it -> {
                it.realm.clients().scopes().make("orders");
                it.realm.clients().scopes().give("desk", "orders");
            });

    private static final Kind ORGANIZATION = new Kind(
            Map.of("organization", "acme"),
            "organization.acme",
            null,
            null,
            it -> it.realm
                    .admin()
                    .organizations()
                    .get(it.organization("acme").getId())
                    .delete()
                    .close(),
            it -> {
                it.realm.organizations().make("acme");
                it.realm.organizations().join(it.alice, "acme");
            });

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of("realm role", REALM_ROLE),
                Arguments.of("client role", CLIENT_ROLE),
                Arguments.of("client", CLIENT),
                Arguments.of("client scope", CLIENT_SCOPE),
                Arguments.of("organization", ORGANIZATION));
    }

    static Stream<Arguments> renamableKinds() {
        return kinds().filter(kind -> !ORGANIZATION.equals(kind.get()[1]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("renamableKinds")
    void aRenamedObjectIsShownByItsNewName(String kind, Kind objects) {
        RawKey key = keyFor(objects);

        objects.rename().accept(this);

        JsonNode shown = realm.keys().get(key.id()).body();
        assertThat(shown.get("restrictions")).isEqualTo(JSON.valueToTree(objects.renamed()));
        assertThat(shown.has("missing")).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void aDeletedObjectIsShownAsMissingAlsoWhenItsNameIsUsedAgain(String kind, Kind objects) {
        RawKey key = keyFor(objects);

        objects.delete().accept(this);
        assertMissing(key, objects);
        objects.makeAgain().accept(this);
        assertMissing(key, objects);

        RawKey rotated = realm.keys().rotate(key.id(), null).key();
        assertMissing(rotated, objects);
        realm.keys().change(rotated.id(), Map.of("restrictions", Map.of("cidrs", List.of("127.0.0.0/8", "::1"))));
        assertThat(realm.keys().get(rotated.id()).body().get("missing"))
                .as("a change of another part does not find the new object")
                .hasToString("[\"" + objects.missing() + "\"]");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void onlyAnAdministratorBindsAKeyToTheNewObject(String kind, Kind objects) {
        KeysApi own = realm.keysOf(alice);
        RawKey key = keyFor(objects);
        objects.delete().accept(this);
        objects.makeAgain().accept(this);

        Answer refused = own.change(key.id(), Map.of("restrictions", objects.restrictions()));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.field()).isEqualTo("restrictions." + objects.part());
        assertMissing(key, objects);
        Answer repaired = realm.keys().change(key.id(), Map.of("restrictions", objects.restrictions()));
        assertThat(repaired.body().get("restrictions")).isEqualTo(JSON.valueToTree(objects.restrictions()));
        assertThat(repaired.body().has("missing")).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void whatIsStillMissingMayBeNamedAgain(String kind, Kind objects) {
        KeysApi own = realm.keysOf(alice);
        RawKey key = keyFor(objects);
        objects.delete().accept(this);

        assertThat(own.change(key.id(), Map.of("restrictions", objects.restrictions()))
                        .status())
                .isEqualTo(200);
        assertThat(realm.keys()
                        .change(key.id(), Map.of("restrictions", objects.restrictions()))
                        .status())
                .isEqualTo(200);

        objects.makeAgain().accept(this);
        assertMissing(key, objects);
    }

    @Test
    void aRenamedRoleKeepsWorking() {
        RawKey key = keyFor(REALM_ROLE);

        renameRole("reader", "lecteur");
        realm.users().giveRole(alice, "reader");

        assertRoles(key, "lecteur");
    }

    @Test
    void aNewRoleOfTheOldNameGivesNothing() {
        RawKey key = keyFor(REALM_ROLE);
        assertRoles(key, "reader");

        REALM_ROLE.delete().accept(this);
        assertRoles(key);
        REALM_ROLE.makeAgain().accept(this);
        assertRoles(key);
    }

    @Test
    void aNewClientRoleOfTheOldNameGivesNothing() {
        RawKey key = keyFor(CLIENT_ROLE);
        assertThat(appRoles(key)).contains("app:viewer");

        CLIENT_ROLE.delete().accept(this);
        CLIENT_ROLE.makeAgain().accept(this);

        assertThat(appRoles(key)).doesNotContain("app:");
        assertThat(desk.exchange(key.raw())
                        .accessClaims()
                        .at("/resource_access/app")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void theRolesOfARenamedClientStayAllowed() {
        RawKey key = keyFor(CLIENT_ROLE);

        renameClient("app", "program");

        assertThat(appRoles(key)).contains("program:viewer");
        assertThat(realm.keys().get(key.id()).body().get("restrictions"))
                .hasToString("{\"clientRoles\":{\"program\":[\"viewer\"]}}");
    }

    @Test
    void aClientStaysAllowedAndANewOneOfItsNameIsNot() {
        RawKey key = keyFor(CLIENT);
        App kiosk = realm.clients().existingApp("kiosk");
        assertThat(kiosk.exchange(key.raw()).status()).isEqualTo(200);

        renameClient("kiosk", "stall");
        realm.clients().exchanger("kiosk");

        assertThat(realm.clients().existingApp("stall").exchange(key.raw()).status())
                .isEqualTo(200);
        assertThat(realm.clients().existingApp("kiosk").exchange(key.raw()).status())
                .isEqualTo(400);
    }

    @Test
    void aScopeStaysAllowedAndANewOneOfItsNameIsNot() {
        RawKey key = keyFor(CLIENT_SCOPE);
        assertThat(scopes(key)).contains("orders");

        renameScope("orders", "purchases");
        realm.clients().scopes().make("orders");
        realm.clients().scopes().give("desk", "orders");

        assertThat(scopes(key)).contains("purchases").doesNotContain("orders");
        assertThat(reports.introspect(key.raw()).body().get("scope").textValue())
                .isEqualTo("purchases");
    }

    @Test
    void aNewOrganizationOfTheOldAliasOpensNothing() {
        RawKey key = keyFor(ORGANIZATION);
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200);

        ORGANIZATION.delete().accept(this);
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        ORGANIZATION.makeAgain().accept(this);

        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        assertThat(reports.introspect(key.raw()).isActive()).isFalse();
        assertThat(desk.exchange(key.raw()).status()).isEqualTo(400);
    }

    /** The attack: somebody makes a powerful role of the name that the key has. */
    @Test
    void aKeySessionMakesNoKeyForTheNewRole() {
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true"));
        RawKey key = realm.key(alice, Map.of("name", "acting", "restrictions", REALM_ROLE.restrictions()));
        RawKey other = realm.key(alice, Map.of("name", "other", "restrictions", REALM_ROLE.restrictions()));
        KeysApi session = KeysApi.selfService(realm, logIn(key).access());
        REALM_ROLE.delete().accept(this);
        Answer stillMissing = session.create(Map.of("name", "missing", "restrictions", REALM_ROLE.restrictions()));
        assertThat(stillMissing.status()).isEqualTo(201);
        REALM_ROLE.makeAgain().accept(this);

        Answer asked = session.create(Map.of("name", "asked", "restrictions", REALM_ROLE.restrictions()));
        Answer inherited = session.create(Map.of("name", "inherited"));

        assertThat(asked.status()).isEqualTo(400);
        assertThat(asked.field()).isEqualTo("restrictions.realmRoles");
        assertThat(inherited.status()).isEqualTo(201);
        assertThat(session.change(other.id(), Map.of("restrictions", REALM_ROLE.restrictions()))
                        .status())
                .isEqualTo(400);
        RawKey repaired = realm.key(alice, Map.of("name", "repaired", "restrictions", REALM_ROLE.restrictions()));
        assertThat(session.rotate(repaired.id(), null).status())
                .as("a key with the new role may do more")
                .isEqualTo(403);
        for (RawKey made : List.of(stillMissing.key(), inherited.key(), other)) {
            assertRoles(made);
            assertMissing(made, REALM_ROLE);
        }
    }

    @Test
    void aKeyWithoutIdsGoesByNamesUntilItsRestrictionsAreSet() {
        String id = UUID.randomUUID().toString();
        ApiKey key = ApiKey.generate("kck", id, new SecureRandom());
        TestRealm old = TestRealm.importing(
                List.of(
                        StoredKey.heldBy(
                                id,
                                key,
                                "{'v':1,'hint':'kck_…abcdef','enabled':true,'restrictions':{'realmRoles':['reader'],'scopes':['email']}}")));
        User holder = new User(id, "alice");
        JsonNode stored = old.keys().list(Map.of()).body().get(0);
        assertThat(stored.get("missing")).hasToString("[\"realmRoles.reader\"]");
        old.users().giveRole(holder, "reader");
        assertThat(roles(old, key.reveal())).contains("reader");

        String keyId = stored.get("id").textValue();
        JsonNode changed = old.keys()
                .change(keyId, Map.of("restrictions", Map.of("scopes", List.of())))
                .body();
        assertThat(changed.has("missing")).isFalse();
        old.admin().roles().deleteRole("reader");
        old.users().giveRole(holder, "reader");

        assertThat(roles(old, key.reveal())).doesNotContain("reader");
        assertThat(old.keys().get(keyId).body().get("missing")).hasToString("[\"realmRoles.reader\"]");
    }

    @Test
    void aKeyWhoseIdsTheRealmDoesNotHaveIsAllowedNothing() {
        String id = UUID.randomUUID().toString();
        ApiKey key = ApiKey.generate("kck", id, new SecureRandom());
        TestRealm moved = TestRealm.importing(List.of(StoredKey.heldBy(
                id,
                key,
                "{'v':1,'hint':'kck_…abcdef','enabled':true,'restrictions':{'realmRoles':['reader']},"
                        + "'restrictionIds':{'realmRoles':{'reader':'" + UUID.randomUUID() + "'}}}")));
        moved.users().giveRole(new User(id, "alice"), "reader");

        assertThat(roles(moved, key.reveal())).isEmpty();
        assertThat(moved.keys().list(Map.of()).body().get(0).get("missing")).hasToString("[\"realmRoles.reader\"]");
    }

    private RawKey keyFor(Kind objects) {
        if (objects.equals(ORGANIZATION)) {
            realm.organizations().make("acme");
            realm.organizations().join(alice, "acme");
        }
        if (objects.equals(CLIENT)) {
            realm.clients().exchanger("kiosk");
        }
        return realm.key(alice, Map.of("name", "narrow", "restrictions", objects.restrictions()));
    }

    private void assertMissing(RawKey key, Kind objects) {
        JsonNode shown = realm.keys().get(key.id()).body();
        assertThat(shown.get("missing")).hasToString("[\"" + objects.missing() + "\"]");
        objects.restrictions()
                .forEach((part, names) ->
                        assertThat(shown.get("restrictions").get(part)).isEqualTo(JSON.valueToTree(names)));
    }

    /** Checks which roles a key gives of those that alice has, wherever it is presented. */
    private void assertRoles(RawKey key, String... names) {
        assertThat(ofAlice(roles(realm, key.raw()))).containsExactly(names);
        assertThat(ofAlice(names(reports.introspect(key.raw()).body()))).containsExactly(names);
        assertThat(ofAlice(names(desk.exchange(key.raw()).accessClaims().json())))
                .containsExactly(names);
        assertThat(ofAlice(names(logIn(key).accessClaims().json()))).containsExactly(names);
        for (String name : names) {
            assertThat(realm.gateway().check(key.raw(), name).statusCode()).isEqualTo(200);
        }
        if (names.length == 0) {
            assertThat(realm.gateway().check(key.raw(), "reader").statusCode()).isEqualTo(403);
        }
    }

    private static List<String> ofAlice(List<String> names) {
        return names.stream()
                .filter(List.of("reader", "lecteur", "writer")::contains)
                .toList();
    }

    private static List<String> names(JsonNode claims) {
        return Stream.of(claims.at("/realm_access/roles"))
                .flatMap(roles -> {
                    Stream.Builder<String> names = Stream.builder();
                    roles.forEach(role -> names.add(role.textValue()));
                    return names.build();
                })
                .toList();
    }

    private static List<String> roles(TestRealm of, String key) {
        String header = of.gateway()
                .ask(key, "include=roles")
                .headers()
                .firstValue("X-Auth-Roles")
                .orElseThrow();
        return header.isEmpty()
                ? List.of()
                : Stream.of(header.split(","))
                        .filter(role -> !role.contains(":"))
                        .toList();
    }

    private String appRoles(RawKey key) {
        return realm.gateway()
                .ask(key.raw(), "include=roles")
                .headers()
                .firstValue("X-Auth-Roles")
                .orElseThrow();
    }

    private List<String> scopes(RawKey key) {
        return List.of(
                desk.exchange(key.raw()).accessClaims().get("scope").textValue().split(" "));
    }

    private Tokens logIn(RawKey key) {
        return realm.app().tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(key.raw()));
    }

    private void renameRole(String from, String to) {
        RoleRepresentation role = realm.admin().roles().get(from).toRepresentation();
        role.setName(to);
        realm.admin().roles().get(from).update(role);
    }

    private void renameAppRole(String from, String to) {
        RolesResource roles = realm.admin()
                .clients()
                .get(realm.clients().client("app").getId())
                .roles();
        RoleRepresentation role = roles.get(from).toRepresentation();
        role.setName(to);
        roles.get(from).update(role);
    }

    private void renameClient(String from, String to) {
        ClientRepresentation client = realm.clients().client(from);
        client.setClientId(to);
        realm.admin().clients().get(client.getId()).update(client);
    }

    private ClientScopeRepresentation scope(String name) {
        return realm.admin().clientScopes().findAll().stream()
                .filter(scope -> scope.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void renameScope(String from, String to) {
        ClientScopeRepresentation scope = scope(from);
        scope.setName(to);
        realm.admin().clientScopes().get(scope.getId()).update(scope);
    }

    private void deleteScope(String name) {
        realm.admin().clientScopes().get(scope(name).getId()).remove();
    }

    private OrganizationRepresentation organization(String alias) {
        return realm.admin().organizations().list(0, 100).stream()
                .filter(organization -> alias.equals(organization.getAlias()))
                .findFirst()
                .orElseThrow();
    }
}
