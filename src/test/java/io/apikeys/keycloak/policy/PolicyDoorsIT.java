package io.apikeys.keycloak.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.PolicyDoors;
import io.apikeys.keycloak.support.RealmsAdministrator;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.TestRealm;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policy of a realm is validated by whichever of Keycloak's endpoints it comes. */
class PolicyDoorsIT {

    private final TestRealm realm = TestRealm.create();
    private final PolicyDoors doors = new PolicyDoors(realm);

    @ParameterizedTest
    @CsvSource({
        "longest-expiry-days, soon",
        "longest-expiry-day, 30",
        "expiry-required, yes",
        "who-makes-keys, everybody",
        "max-keys-per-user, -1",
        "max_auth_age, abc",
        "max_auth_age, -5",
        "admitted-paths, *",
    })
    void nonsenseIsNotSaved(String setting, String value) {
        realm.setPolicy(Map.of("longest-expiry-days", "30"));

        HttpResponse<String> replaced = doors.replaceAction(Map.of(setting, value));
        HttpResponse<String> renamed = doors.renameAnother("CONFIGURE_TOTP", Map.of(setting, value));

        for (HttpResponse<String> refused : List.of(replaced, renamed)) {
            assertThat(refused.statusCode()).isEqualTo(400);
            JsonNode error = Json.read(refused.body());
            assertThat(error.path("field").textValue()).isEqualTo(setting);
            assertThat(error.path("errorMessage").textValue()).startsWith(setting + " ");
        }
        assertThat(realm.setPolicy(Map.of(setting, value))).isEqualTo(400);
        assertThat(stored()).isEqualTo("30");
    }

    @ParameterizedTest
    @CsvSource({
        "longest-expiry-days, soon",
        "longest-expiry-day, 30",
        "expiry-required, yes",
        "prefix, A",
        "max_auth_age, abc",
    })
    void aRealmWithNonsenseIsNotImported(String setting, String value) {
        String name = "it-" + UUID.randomUUID();

        HttpResponse<String> refused = doors.importRealm(name, Map.of(setting, value));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Json.read(refused.body()).path("errorMessage").textValue())
                .contains(name, "CREATE_API_KEY", setting + " ");
        assertThat(Rest.with(RealmsAdministrator.tokenOfServer()).status("GET", "/admin/realms/" + name))
                .isEqualTo(404);
    }

    /** As {@code updateRealm} and {@code partialImport} of Keycloak do with every required action. */
    @Test
    void theUpdateOfARealmAndAPartialImportLeaveThePolicyAsItIs() {
        realm.setPolicy(Map.of("longest-expiry-days", "30"));

        assertThat(doors.updateRealm(Map.of("longest-expiry-days", "soon")).statusCode())
                .isEqualTo(204);
        assertThat(doors.importIntoRealm(Map.of("longest-expiry-days", "soon")).statusCode())
                .isBetween(200, 400);

        assertThat(stored()).isEqualTo("30");
    }

    @Test
    void whatMakesSenseIsSavedByEveryDoor() {
        assertThat(doors.replaceAction(Map.of("longest-expiry-days", "7", "max_auth_age", "60"))
                        .statusCode())
                .isEqualTo(204);
        assertThat(stored()).isEqualTo("7");
        assertThat(doors.replaceAction(null).statusCode()).isEqualTo(204);
        assertThat(stored()).isNull();

        String name = "it-" + UUID.randomUUID();
        assertThat(doors.importRealm(name, Map.of("longest-expiry-days", "7")).statusCode())
                .isEqualTo(201);
        assertThat(Rest.with(RealmsAdministrator.tokenOfServer()).status("DELETE", "/admin/realms/" + name))
                .isEqualTo(204);
    }

    /** Returns the longest expiry that the realm's export has; null if it has none. */
    private String stored() {
        return realm.admin().partialExport(false, false).getRequiredActions().stream()
                .filter(action -> "CREATE_API_KEY".equals(action.getAlias()))
                .findFirst()
                .orElseThrow()
                .getConfig()
                .get("longest-expiry-days");
    }
}
