package io.apikeys.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each door answers to each kind of key. */
class DoorsIT {

    private static final String ANSWERS = """
            | | login form | direct grant | token exchange | introspection | gateway check | gateway check with token |
            |---|---|---|---|---|---|---|
            | good key | signed in | tokens | tokens | active | 200 | 200 |
            | wrong secret | This API key cannot be used here. | Invalid user credentials | Invalid user credentials | inactive | 401 | 401 |
            | key of another realm | This API key cannot be used here. | Invalid user credentials | Invalid user credentials | inactive | 401 | 401 |
            | expired key | This API key has expired. | API key expired | API key expired | inactive | 401 | 401 |
            | disabled key | This API key is disabled. | API key disabled | API key disabled | inactive | 401 | 401 |
            | disabled holder | The account of this API key is disabled. Please contact your administrator. | Account disabled | Account disabled | inactive | 401 | 401 |
            | locked holder | The account of this API key is temporarily locked after too many failed login attempts. Please try again later. | Account temporarily disabled | tokens | active | 200 | 200 |
            | wrong client | This API key cannot be used for this application or from this network. | API key not allowed for this client or address | API key not allowed for this client or address | inactive | 401 | 401 |
            | wrong address | This API key cannot be used for this application or from this network. | API key not allowed for this client or address | API key not allowed for this client or address | inactive | 401 | 401 |
            | pending terms | does the action | Account is not fully set up | Account is not fully set up | active | 200 | 403 |
            | pending new password | You must complete a step first: Update Password. This is not possible with an API key. Sign out and sign in another way, or ask an administrator. | Account is not fully set up | Account is not fully set up | active | 200 | 403 |
            """;

    private final TestRealm realm = TestRealm.create();
    private final App desk = realm.clients().exchanger("desk");

    @Test
    void eachDoorAnswersAsTheTableSays() throws Exception {
        realm.flow("direct grant by key").create().step("api-key-direct-grant", "REQUIRED");
        Map<String, String> keys = keys();
        realm.flow("direct grant by key").bindToDirectGrant();
        Map<String, Function<String, String>> doors = doors();

        StringBuilder table = new StringBuilder("| | " + String.join(" | ", doors.keySet()) + " |\n");
        table.append("|---".repeat(doors.size() + 1)).append("|\n");
        keys.forEach((kind, key) -> table.append("| ")
                .append(kind)
                .append(" | ")
                .append(doors.values().stream().map(door -> door.apply(key)).collect(Collectors.joining(" | ")))
                .append(" |\n"));

        assertThat(table).hasToString(ANSWERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f:",
                "f:x",
                "f::",
                "f:nobody:1",
                "f:00000000-0000-0000-0000-000000000000:1",
                "f",
                "lightweight-YWxpY2U",
                "00000000-0000-0000-0000-000000000000",
                "' or 1=1 --",
                "%",
            })
    void aKeyThatNamesNobodyIsAnUnknownOneWhateverItNames(String holderId) {
        realm.flow("direct grant by key")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();
        assertUnknown(ForgedKey.of(holderId));
    }

    @Test
    void soIsOneThatNamesAComponentOfAnotherKind() {
        realm.flow("direct grant by key")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();
        String signingKeys = realm.admin()
                .components()
                .query(null, "org.keycloak.keys.KeyProvider")
                .get(0)
                .getId();

        assertUnknown(ForgedKey.of("f:" + signingKeys + ":1"));
        assertUnknown(ForgedKey.of("x".repeat(255)));
        assertUnknown(ForgedKey.of("f:" + "é".repeat(126)));
    }

    private void assertUnknown(String key) {
        assertThat(doors().values().stream().map(door -> door.apply(key)))
                .containsExactly(
                        "This API key cannot be used here.",
                        "Invalid user credentials",
                        "Invalid user credentials",
                        "inactive",
                        "401",
                        "401");
        assertThat(KeysApi.revoke(realm, Map.of("token", key))).isEqualTo(200);
        assertThat(realm.keys().lookUp(key).status()).isEqualTo(404);
    }

    /** One key of each kind, each of a holder of its own. */
    private Map<String, String> keys() throws InterruptedException {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("good key", realm.key(holder()).raw());
        keys.put("wrong secret", ForgedKey.of(holder().id()));
        keys.put("key of another realm", TestRealm.create().keyOfSomebody().raw());
        keys.put(
                "expired key",
                realm.key(holder(), Map.of("name", "short-lived", "expiresIn", 1))
                        .raw());
        var disabled = realm.key(holder());
        realm.keys().change(disabled.id(), Map.of("enabled", false));
        keys.put("disabled key", disabled.raw());
        User gone = holder();
        keys.put("disabled holder", realm.key(gone).raw());
        realm.users().disable(gone);
        User locked = holder();
        keys.put("locked holder", realm.key(locked).raw());
        realm.users().lock(locked);
        keys.put("wrong client", narrowed("clients", "admin-cli"));
        keys.put("wrong address", narrowed("cidrs", "192.0.2.0/24"));
        realm.requiredActions().enable("TERMS_AND_CONDITIONS");
        keys.put("pending terms", pending("TERMS_AND_CONDITIONS"));
        keys.put("pending new password", pending("UPDATE_PASSWORD"));
        Thread.sleep(1_100);
        return keys;
    }

    private String pending(String action) {
        User unfinished = holder();
        RawKey key = realm.key(unfinished);
        realm.users().requireAction(unfinished, action);
        return key.raw();
    }

    private User holder() {
        return realm.user("holder-" + UUID.randomUUID());
    }

    private String narrowed(String part, String to) {
        return realm.key(holder(), Map.of("name", "narrow", "restrictions", Map.of(part, List.of(to))))
                .raw();
    }

    private Map<String, Function<String, String>> doors() {
        Map<String, Function<String, String>> doors = new LinkedHashMap<>();
        doors.put("login form", this::loginForm);
        doors.put("direct grant", key -> told(realm.app().directGrant(Map.of("api_key", key))));
        doors.put("token exchange", key -> told(desk.exchange(key)));
        doors.put(
                "introspection",
                key -> realm.clients()
                                .existingResourceServer("desk")
                                .introspect(key)
                                .isActive()
                        ? "active"
                        : "inactive");
        doors.put("gateway check", key -> realm.gateway().check(key).statusCode() + "");
        doors.put(
                "gateway check with token",
                key -> realm.gateway()
                                .check(realm.gateway()
                                        .request()
                                        .header("X-API-Key", key)
                                        .header("Authorization", RealmClients.basic("desk")))
                                .statusCode()
                        + "");
        return doors;
    }

    private String loginForm(String key) {
        Page page = realm.app().logIn(new Browser()).tryApiKey().typeKey(key);
        if (page.asksForKey()) {
            return page.keyError();
        }
        return page.isBackAtTheApp() ? "signed in" : "does the action";
    }

    private static String told(Tokens answer) {
        return answer.status() == 200 ? "tokens" : answer.errorDescription();
    }
}
