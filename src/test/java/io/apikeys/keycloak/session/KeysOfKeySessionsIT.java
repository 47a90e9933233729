package io.apikeys.keycloak.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeyAnswer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where the realm lets key sessions manage keys: nothing that such a session makes or changes may do more, or lives longer,
 * than its own key.
 */
class KeysOfKeySessionsIT {

    private static final Map<String, Object> NARROW =
            Map.of("cidrs", List.of("127.0.0.0/8", "::1"), "scopes", List.of("basic", "email", "profile", "roles"));

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final KeysApi own = realm.keysOf(alice);

    @BeforeEach
    void keySessionsMayManageKeys() {
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true"));
    }

    @Test
    void aNewKeyIsAsNarrowAsTheKeyOfItsSession() {
        KeysApi session = sessionOf(Map.of("restrictions", NARROW));

        JsonNode made = session.create(Map.of("name", "heir")).body();

        assertThat(made.get("restrictions"))
                .hasToString(
                        "{\"scopes\":[\"basic\",\"email\",\"profile\",\"roles\"],\"cidrs\":[\"127.0.0.0/8\",\"::1\"]}");
    }

    @Test
    void aNewKeyMayBeNarrower() {
        KeysApi session = sessionOf(Map.of("restrictions", NARROW));

        JsonNode made = session.create(Map.of(
                        "name", "heir", "restrictions", Map.of("cidrs", List.of("127.0.0.1"), "realmRoles", List.of())))
                .body();

        assertThat(made.get("restrictions"))
                .hasToString(
                        "{\"realmRoles\":[],\"scopes\":[\"basic\",\"email\",\"profile\",\"roles\"],\"cidrs\":[\"127.0.0.1\"]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "restrictions.cidrs  | {'cidrs':['0.0.0.0/0']}",
                "restrictions.cidrs  | {'cidrs':['127.0.0.1','192.0.2.1']}",
                "restrictions.scopes | {'scopes':['email','address']}",
            })
    void aNewKeyIsNotWider(String field, String restrictions) {
        KeysApi session = sessionOf(Map.of("restrictions", NARROW));
        int before = own.list(Map.of()).keys().size();

        Answer refused = session.create("{\"name\":\"heir\",\"restrictions\":" + restrictions.replace('\'', '"') + "}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.field()).isEqualTo(field);
        assertThat(own.list(Map.of()).keys()).hasSize(before);
    }

    @Test
    void aPartThatIsTakenAwayIsInheritedToo() {
        KeysApi session = sessionOf(Map.of("restrictions", NARROW));

        assertThat(session.create("{\"name\":\"a\",\"restrictions\":null}")
                        .body()
                        .at("/restrictions/cidrs"))
                .hasSize(2);
        assertThat(session.create("{\"name\":\"b\",\"restrictions\":{\"cidrs\":null}}")
                        .body()
                        .at("/restrictions/cidrs"))
                .hasSize(2);
    }

    @Test
    void aNewKeyLivesNoLonger() {
        String end = "2099-01-01T00:00:00Z";
        KeysApi session = sessionOf(Map.of("expiresAt", end));

        assertThat(session.create(Map.of("name", "usual")).shown().expiresAt()).isEqualTo(end);
        assertThat(session.create(Map.of("name", "same", "expiresAt", end)).status())
                .isEqualTo(201);
        assertThat(session.create(Map.of("name", "sooner", "expiresIn", 60)).status())
                .isEqualTo(201);
        Answer later = session.create(Map.of("name", "later", "expiresAt", "2099-01-01T00:00:01Z"));
        assertThat(later.status()).isEqualTo(400);
        assertThat(later.field()).isEqualTo("expiresAt");
        Answer never = session.create("{\"name\":\"never\",\"expiresAt\":null}");
        assertThat(never.status()).isEqualTo(400);
        assertThat(never.field()).isEqualTo("expiresAt");
    }

    @Test
    void theUsualExpiryOfTheRealmHoldsWhereItIsSooner() {
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true", "default-expiry-days", "1"));
        KeysApi session = sessionOf(Map.of("expiresAt", "2099-01-01T00:00:00Z"));

        Instant end = session.create(Map.of("name", "usual")).shown().expiry();

        assertThat(end).isBefore(Instant.now().plusSeconds(86_401));
    }

    @Test
    void aShortLivedKeyWithOneUseMakesNothingThatIsLetThroughOnceMore() {
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true", "holders-exceed-limits", "true"));
        KeysApi session = sessionOf(Map.of("expiresIn", 600, "limits", Map.of("quota", Map.of("remaining", 1))));

        RawKey made = session.create(Map.of("name", "heir")).key();

        assertThat(realm.gateway().check(made.raw()).statusCode()).isEqualTo(429);
        assertThat(own.get(made.id()).shown().expiry()).isBefore(Instant.now().plusSeconds(601));
        RawKey rotated = session.rotate(made.id(), null).key();
        assertThat(realm.gateway().check(rotated.raw()).statusCode()).isEqualTo(429);
    }

    static Stream<Arguments> wider() {
        return Stream.of(
                Arguments.of(Named.of("without restrictions", Map.of("expiresIn", 60))),
                Arguments.of(Named.of(
                        "from elsewhere",
                        Map.of(
                                "restrictions",
                                Map.of("cidrs", List.of("192.0.2.0/24"), "scopes", List.of()),
                                "expiresIn",
                                60))),
                Arguments.of(Named.of("that lives longer", Map.of("restrictions", NARROW, "expiresIn", 7200))),
                Arguments.of(Named.of("that never ends", Map.of("restrictions", NARROW))),
                Arguments.of(Named.of(
                        "with metadata",
                        Map.of("restrictions", NARROW, "expiresIn", 60, "metadata", Map.of("plan", "gold")))));
    }

    @ParameterizedTest
    @MethodSource("wider")
    void aKeyThatMayDoMoreIsNotTouched(Map<String, Object> more) {
        KeysApi session = sessionOf(Map.of("restrictions", NARROW, "expiresIn", 3600));
        Map<String, Object> fields = new HashMap<>(more);
        fields.put("name", "wider");
        RawKey wider = realm.key(alice, fields);
        own.change(wider.id(), Map.of("enabled", false));

        assertThat(session.change(wider.id(), Map.of("enabled", true)).status()).isEqualTo(403);
        assertThat(session.change(wider.id(), Map.of("name", "mine")).status()).isEqualTo(403);
        assertThat(session.change(wider.id(), Map.of("restrictions", Map.of("realmRoles", List.of())))
                        .status())
                .isEqualTo(403);
        assertThat(session.delete(wider.id()).status()).isEqualTo(403);
        own.change(wider.id(), Map.of("enabled", true));
        Answer refused = session.rotate(wider.id(), "{\"graceSeconds\":60}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.errorMessage()).contains("may do more");
        KeyAnswer after = own.get(wider.id()).shown();
        assertThat(after.name()).isEqualTo("wider");
        assertThat(after.isEnabled()).isTrue();
    }

    @Test
    void aKeyOfAnotherLineIsNotTouchedByALimitedOne() {
        RawKey unlimited = realm.key(alice);
        KeysApi session = sessionOf(Map.of("limits", Map.of("quota", Map.of("remaining", 5))));

        assertThat(session.rotate(unlimited.id(), null).status()).isEqualTo(403);
        assertThat(session.delete(unlimited.id()).status()).isEqualTo(403);
        assertThat(realm.gateway().check(unlimited.raw()).statusCode()).isEqualTo(200);
    }

    @Test
    void keysThatMayDoNoMoreAreManaged() {
        RawKey key = realm.key(alice, Map.of("name", "acting", "restrictions", NARROW, "expiresIn", 3600));
        KeysApi session = sessionOf(key);
        RawKey made = session.create(Map.of("name", "heir")).key();

        assertThat(session.change(made.id(), Map.of("name", "renamed", "enabled", false))
                        .status())
                .isEqualTo(200);
        assertThat(session.change(made.id(), Map.of("enabled", true)).status()).isEqualTo(200);
        RawKey rotated = session.rotate(made.id(), null).key();
        assertThat(own.get(rotated.id()).body().at("/restrictions/cidrs")).hasSize(2);
        assertThat(session.delete(rotated.id()).status()).isEqualTo(204);
        assertThat(session.rotate(key.id(), null).status()).isEqualTo(201);
    }

    @Test
    void aKeyThatLacksTheRoleForItManagesNone() {
        Map<String, Object> mayOnlyLook = Map.of("clientRoles", Map.of("account", List.of("view-profile")));
        RawKey key = realm.key(alice, Map.of("name", "narrow", "restrictions", mayOnlyLook));

        assertThat(sessionOf(key).create(Map.of("name", "heir")).status()).isEqualTo(403);
        Page page = realm.app()
                .logIn(new Browser(), Map.of("kc_action", "CREATE_API_KEY"))
                .tryApiKey()
                .typeKey(key.raw());
        assertThat(page.parameter("kc_action_status")).isEqualTo("error");
    }

    @Test
    void thePageMakesNoMoreEither() {
        RawKey key = realm.key(
                alice,
                Map.of(
                        "name",
                        "acting",
                        "restrictions",
                        NARROW,
                        "expiresIn",
                        30 * 86_400,
                        "limits",
                        Map.of("quota", Map.of("remaining", 9))));
        Page page = realm.app()
                .logIn(new Browser(), Map.of("kc_action", "CREATE_API_KEY"))
                .tryApiKey()
                .typeKey(key.raw());

        Page refused = page.submit(Map.of("name", "heir", "expiry", "90"));
        assertThat(refused.html().selectFirst("#expiry-message").text()).isNotEmpty();
        Page never = refused.submit(Map.of("name", "heir", "expiry", "never"));
        assertThat(never.html().selectFirst("#expiry-message").text()).isNotEmpty();
        assertThat(own.list(Map.of()).keys()).hasSize(1);
        Page shown = never.submit(Map.of("name", "heir", "expiry", "7"));

        assertThat(shown.html().selectFirst("#api-key").val()).startsWith("kck_");
        KeyAnswer heir = own.list(Map.of()).keys().get(0);
        assertThat(heir.name()).isEqualTo("heir");
        assertThat(heir.at("/restrictions/cidrs")).hasSize(2);
        assertThat(heir.at("/limits/quota/remaining").longValue()).isEqualTo(8);
    }

    private KeysApi sessionOf(Map<String, Object> fields) {
        Map<String, Object> all = new HashMap<>(fields);
        all.put("name", "acting");
        return sessionOf(realm.key(alice, all));
    }

    private KeysApi sessionOf(RawKey key) {
        return KeysApi.selfService(
                realm,
                realm.app()
                        .tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(key.raw()))
                        .access());
    }
}
