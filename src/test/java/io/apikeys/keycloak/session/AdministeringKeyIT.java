package io.apikeys.keycloak.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A key that may administer clients tries to get what lasts longer than it, or reaches further. */
@Order(1)
class AdministeringKeyIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final String clients = "/admin/realms/" + realm.name() + "/clients";
    private final String scopes = "/admin/realms/" + realm.name() + "/client-scopes";
    private Rest byKey;

    @BeforeEach
    void aKeyForClients() {
        realm.users().makeAdministrator(alice);
        realm.clients().exchanger("robot");
        byKey = Rest.with(token(realm.key(alice, Map.of("name", "clients", "restrictions", only("manage-clients")))));
    }

    @Test
    void readsClientsWithoutTheirSecrets() {
        String robot = clients + "/" + idOf("robot");
        Rest viewing =
                Rest.with(token(realm.key(alice, Map.of("name", "viewer", "restrictions", only("view-clients")))));

        for (Rest key : List.of(byKey, viewing)) {
            assertThat(key.get(robot).status()).isEqualTo(200);
            assertThat(key.get(robot).body().get("clientId").textValue()).isEqualTo("robot");
            assertThat(key.get(robot).body().toString()).doesNotContain(RealmClients.SECRET);
            assertThat(key.get(clients).body().toString()).contains("robot").doesNotContain(RealmClients.SECRET);
            assertThat(key.get(robot + "/client-secret").status()).isEqualTo(403);
            assertThat(key.get(robot + "/installation/providers/keycloak-oidc-keycloak-json")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(Rest.with(realm.signIn(alice).access()).get(robot).body().toString())
                .as("anybody else")
                .contains(RealmClients.SECRET);
    }

    @Test
    void changesAClientButNotWhatDecidesForItsTokens() {
        byKey.post(clients, Map.of("clientId", "shop"));
        String shop = clients + "/" + idOf("shop");
        ObjectNode client = byKey.get(shop).body().deepCopy();
        client.put("description", "Sells things");

        assertThat(byKey.put(shop, client).status()).as("as it was read").isEqualTo(204);
        assertThat(realm.clients().client("shop").getDescription()).isEqualTo("Sells things");
        assertThat(byKey.put(shop, Map.of("secret", "chosen by a thief")).status())
                .isEqualTo(403);
        assertThat(byKey.put(shop, Map.of("serviceAccountsEnabled", true)).status())
                .isEqualTo(403);
        assertThat(byKey.put(shop, Map.of("authorizationServicesEnabled", true)).status())
                .isEqualTo(403);
        assertThat(byKey.put(shop, Map.of("protocolMappers", List.of(someoneElse())))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.post(shop + "/protocol-mappers/models", someoneElse()).status())
                .isEqualTo(403);
        assertThat(realm.clients().client("shop").isServiceAccountsEnabled()).isFalse();
        assertThat(realm.clients().client("shop").getProtocolMappers()).isNullOrEmpty();
    }

    @Test
    void makesNoServiceAccountAndDecidesForNone() {
        String robot = clients + "/" + idOf("robot");

        assertThat(byKey.post(clients, Map.of("clientId", "lasting", "serviceAccountsEnabled", true))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.post(clients, Map.of("clientId", "lasting", "protocolMappers", List.of(someoneElse())))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.put(robot, Map.of("attributes", Map.of("jwks.url", "https://thief.example/keys")))
                        .status())
                .isEqualTo(403);
        assertThat(realm.clients().client("robot").getAttributes()).doesNotContainKey("jwks.url");
    }

    @Test
    void makesNoScopeThatSpeaksForSomebodyElse() {
        assertThat(byKey.post(
                                scopes,
                                Map.of(
                                        "name",
                                        "orders",
                                        "protocol",
                                        "openid-connect",
                                        "protocolMappers",
                                        List.of(someoneElse())))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.post(scopes, Map.of("name", "orders", "protocol", "openid-connect"))
                        .status())
                .isEqualTo(201);
        assertThat(byKey.post(scopes + "/" + scope("orders") + "/protocol-mappers/models", someoneElse())
                        .status())
                .isEqualTo(403);
    }

    @Test
    void renamesNothingThatKeysAreRestrictedBy() {
        realm.clients().scopes().make("payments");
        byKey.post(clients + "/" + idOf("robot") + "/roles", Map.of("name", "reader"));
        JsonNode reader =
                byKey.get(clients + "/" + idOf("robot") + "/roles/reader").body();
        String byId = "/admin/realms/" + realm.name() + "/roles-by-id/"
                + reader.get("id").textValue();
        byKey.post(clients, Map.of("clientId", "shop"));

        assertThat(byKey.put(clients + "/" + idOf("robot") + "/roles/reader", Map.of("name", "writer"))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.put(byId, Map.of("name", "writer")).status()).isEqualTo(403);
        assertThat(byKey.put(byId, Map.of("name", "reader", "description", "Reads"))
                        .status())
                .isEqualTo(204);
        assertThat(byKey.put(clients + "/" + idOf("shop"), Map.of("clientId", "bazaar"))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.put(scopes + "/" + scope("payments"), Map.of("name", "orders"))
                        .status())
                .isEqualTo(403);
        assertThat(byKey.put(scopes + "/" + scope("payments"), Map.of("name", "payments", "description", "Pays"))
                        .status())
                .isEqualTo(204);
        assertThat(byKey.get(byId).body().get("name").textValue()).isEqualTo("reader");
        assertThat(idOf("shop")).isNotNull();
    }

    /** Claims in a client's tokens that their bearer is the administrator. */
    private Map<String, Object> someoneElse() {
        return Map.of(
                "name",
                "somebody else",
                "protocol",
                "openid-connect",
                "protocolMapper",
                "oidc-hardcoded-claim-mapper",
                "config",
                Map.of("claim.name", "sub", "claim.value", alice.id(), "access.token.claim", "true"));
    }

    private static Map<String, Object> only(String role) {
        return Map.of("clientRoles", Map.of("realm-management", List.of(role)));
    }

    private String idOf(String clientId) {
        return realm.clients().client(clientId).getId();
    }

    private String scope(String name) {
        return realm.admin().clientScopes().findAll().stream()
                .filter(scope -> scope.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getId();
    }

    private String token(RawKey with) {
        return realm.app()
                .tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(with.raw()))
                .access();
    }
}
