package io.apikeys.keycloak.restriction;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys are narrowed when they are made, and later. */
class RestrictionsIT {

    private static final Map<String, Object> NARROW = Map.of(
            "realmRoles", List.of("accountant"),
            "clientRoles", Map.of("app", List.of("writer")),
            "scopes", List.of("email"),
            "clients", List.of("app"),
            "cidrs", List.of("127.0.0.0/8", "::1"));

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private KeysApi own;

    @BeforeEach
    void aliceHasSomething() {
        realm.users().giveRole(alice, "accountant");
        realm.users().giveAppRole(alice, "writer");
        realm.users().makeRole("boss");
        own = realm.keysOf(alice);
    }

    @Test
    void whatIsAskedForIsShown() {
        Answer made = own.create(Map.of("name", "narrow", "restrictions", NARROW));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().get("restrictions"))
                .hasToString(
                        "{\"realmRoles\":[\"accountant\"],\"clientRoles\":{\"app\":[\"writer\"]},\"scopes\":[\"email\"],"
                                + "\"clients\":[\"app\"],\"cidrs\":[\"127.0.0.0/8\",\"::1\"]}");
        assertThat(own.get(made.shown().id()).body().get("restrictions"))
                .isEqualTo(made.body().get("restrictions"));
        assertThat(own.create(Map.of("name", "wide")).shown().has("restrictions"))
                .isFalse();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("restrictions", "x"),
                Arguments.of("restrictions", List.of()),
                Arguments.of("restrictions.nonsense", Map.of("nonsense", List.of())),
                Arguments.of("restrictions.realmRoles", Map.of("realmRoles", "accountant")),
                Arguments.of("restrictions.realmRoles", Map.of("realmRoles", List.of(1))),
                Arguments.of("restrictions.realmRoles", Map.of("realmRoles", List.of("nonsense"))),
                Arguments.of("restrictions.clientRoles", Map.of("clientRoles", List.of("app"))),
                Arguments.of("restrictions.clientRoles", Map.of("clientRoles", Map.of("nonsense", List.of()))),
                Arguments.of("restrictions.clientRoles.app", Map.of("clientRoles", Map.of("app", "writer"))),
                Arguments.of("restrictions.clientRoles.app", Map.of("clientRoles", Map.of("app", List.of("nonsense")))),
                Arguments.of("restrictions.scopes", Map.of("scopes", List.of("nonsense"))),
                Arguments.of("restrictions.clients", Map.of("clients", List.of("nonsense"))),
                Arguments.of("restrictions.cidrs", Map.of("cidrs", List.of("nonsense"))),
                Arguments.of("restrictions.cidrs", Map.of("cidrs", List.of("10.0.0.0/33"))),
                Arguments.of("restrictions.cidrs", Map.of("cidrs", List.of("10.0.0.1/8"))),
                Arguments.of(
                        "restrictions.cidrs",
                        Map.of(
                                "cidrs",
                                Stream.iterate(0, i -> i + 1)
                                        .limit(201)
                                        .map(i -> "10.0.0." + i)
                                        .toList())));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aBadPartIsNamedAndNothingIsMade(String field, Object restrictions) {
        for (KeysApi keys : List.of(own, realm.keys())) {
            Map<String, Object> body = keys == own
                    ? Map.of("name", "narrow", "restrictions", restrictions)
                    : Map.of("name", "narrow", "restrictions", restrictions, "userId", alice.id());
            Answer answer = keys.create(body);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.field()).isEqualTo(field);
        }
        assertThat(own.list(Map.of()).keys()).isEmpty();
    }

    @Test
    void aHolderNamesOnlyRolesThatTheyHave() {
        Map<String, Object> boss = Map.of("realmRoles", List.of("boss"));

        Answer refused = own.create(Map.of("name", "narrow", "restrictions", boss));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.field()).isEqualTo("restrictions.realmRoles");
        assertThat(realm.keys()
                        .create(Map.of("name", "narrow", "restrictions", boss, "userId", alice.id()))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aHolderNarrowsButDoesNotWiden() {
        String id = own.create(Map.of("name", "narrow", "restrictions", NARROW))
                .shown()
                .id();

        assertThat(own.change(id, Map.of("restrictions", Map.of("cidrs", List.of("127.0.0.1"))))
                        .body()
                        .at("/restrictions/cidrs"))
                .hasToString("[\"127.0.0.1\"]");
        assertThat(own.get(id).body().at("/restrictions/scopes"))
                .as("a part that is absent stays")
                .hasToString("[\"email\"]");
        for (String wider : new String[] {
            "{\"restrictions\":null}",
            "{\"restrictions\":{\"cidrs\":null}}",
            "{\"restrictions\":{\"cidrs\":[\"127.0.0.0/8\"]}}",
            "{\"restrictions\":{\"scopes\":[\"email\",\"profile\"]}}",
            "{\"restrictions\":{\"clientRoles\":{\"account\":[\"manage-account\"]}}}"
        }) {
            Answer refused = own.change(id, wider);
            assertThat(refused.status()).as(wider).isEqualTo(400);
            assertThat(refused.field()).startsWith("restrictions.");
        }
        assertThat(own.change(id, Map.of("restrictions", Map.of("realmRoles", List.of())))
                        .body()
                        .at("/restrictions/realmRoles"))
                .hasToString("[]");
    }

    @Test
    void anAdministratorWidens() {
        String id = own.create(Map.of("name", "narrow", "restrictions", NARROW))
                .shown()
                .id();

        assertThat(realm.keys()
                        .change(id, "{\"restrictions\":{\"realmRoles\":null}}")
                        .shown()
                        .at("/restrictions/realmRoles")
                        .isMissingNode())
                .isTrue();
        assertThat(realm.keys().change(id, "{\"restrictions\":null}").shown().has("restrictions"))
                .isFalse();
    }

    @Test
    void aRefusedChangeChangesNothing() {
        String id = own.create(Map.of("name", "narrow", "restrictions", NARROW))
                .shown()
                .id();

        own.change(id, Map.of("name", "renamed", "restrictions", Map.of("scopes", List.of("nonsense"))));

        assertThat(own.get(id).shown().name()).isEqualTo("narrow");
        assertThat(own.get(id).body().at("/restrictions/scopes")).hasToString("[\"email\"]");
    }

    @Test
    void aNameThatIsGoneAllowsNothingButDoesNotStopARename() {
        String id = own.create(Map.of("name", "narrow", "restrictions", NARROW))
                .shown()
                .id();
        realm.admin().roles().deleteRole("accountant");

        assertThat(own.change(id, Map.of("name", "renamed")).status()).isEqualTo(200);
        assertThat(own.change(id, Map.of("restrictions", Map.of("scopes", List.of())))
                        .status())
                .isEqualTo(200);
    }
}
