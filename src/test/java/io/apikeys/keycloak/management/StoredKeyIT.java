package io.apikeys.keycloak.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.StoredKey;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stored form is fixed: keys outlive the realm's export and import, and what cannot be understood is refused. */
class StoredKeyIT {

    private final String holderId = UUID.randomUUID().toString();
    private final ApiKey key = ApiKey.generate("kck", holderId, new SecureRandom());

    @Test
    void aKeyWorksInTheRealmThatItsCredentialWasImportedInto() {
        TestRealm realm = realmWith("{'hint':'kck_…abcdef','expiresAt':null,'enabled':true}");

        assertThat(type(realm).parameter("code")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'hint':'kck_…abcdef','expiresAt':null,'enabled':true,'somethingOfALaterVersion':[]}",
                "{'hint':'kck_…abcdef','expiresAt':'tomorrow','enabled':true}",
                "{'hint':'kck_…abcdef'}",
                "{}",
                "[]",
                "no JSON",
            })
    void aKeyWhosePolicyCannotBeReadIsRefused(String credentialData) throws Exception {
        TestRealm realm = realmWith(credentialData);

        assertThat(type(realm).keyError()).isEqualTo("This API key cannot be used here.");
        assertThat(KeycloakServer.running().log()).contains("cannot be read and is refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'v':1,'hint':'kck_…abcdef','enabled':true}",
                "{'v':1,'hint':'kck_…abcdef','enabled':true,'somethingOfALaterVersion':{'that':['narrows','nothing']}}",
                "{'v':1,'crit':['restrictions'],'hint':'kck_…abcdef','enabled':true,'restrictions':{'cidrs':['0.0.0.0/0','::/0']}}",
            })
    void aKeyThatIsUnderstoodInAllThatNarrowsItWorks(String credentialData) {
        TestRealm realm = realmWith(credentialData);

        assertThat(type(realm).parameter("code")).isNotEmpty();
        assertThat(realm.gateway().check(key.reveal()).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'v':2,'hint':'kck_…abcdef','enabled':true}",
                "{'v':'1','hint':'kck_…abcdef','enabled':true}",
                "{'v':1,'crit':['hours'],'hint':'kck_…abcdef','enabled':true,'hours':'8-18'}",
                "{'v':1,'crit':[],'hint':'kck_…abcdef','enabled':true}",
                "{'v':1,'hint':'kck_…abcdef','enabled':true,'restrictions':{'hours':'8-18'}}",
                "{'v':1,'hint':'kck_…abcdef','enabled':true,'limits':{'quota':{'remaining':9},'since':1,'perDay':1}}",
                "{'crit':['hours'],'hint':'kck_…abcdef','enabled':true,'hours':'8-18'}",
            })
    void aKeyThatALaterVersionNarrowedIsRefusedAtEveryDoorAndCanOnlyBeDeleted(String credentialData) {
        TestRealm realm = realmWith(credentialData);

        assertThat(type(realm).keyError()).isEqualTo("This API key cannot be used here.");
        assertThat(realm.gateway().check(key.reveal()).statusCode()).isEqualTo(401);
        assertThat(realm.clients().exchanger("desk").exchange(key.reveal()).status())
                .isEqualTo(400);
        canOnlyBeDeleted(realm);
    }

    @Test
    void whatALaterVersionHasNotedIsKeptWhenTheKeyIsChanged() {
        TestRealm realm = realmWith(
                "{'v':1,'hint':'kck_…abcdef','enabled':true,'somethingOfALaterVersion':{'that':['narrows','nothing']}}");
        String id = onlyKey(realm);

        assertThat(realm.keys()
                        .change(id, Map.of("name", "renamed", "enabled", false))
                        .status())
                .isEqualTo(200);
        realm.keys().change(id, Map.of("enabled", true));

        assertThat(stored(realm))
                .isEqualTo(Json.read("{\"v\":1,\"hint\":\"kck_…abcdef\",\"enabled\":true,"
                        + "\"somethingOfALaterVersion\":{\"that\":[\"narrows\",\"nothing\"]}}"));
        assertThat(type(realm).parameter("code")).isNotEmpty();
    }

    @Test
    void whatTheFirstVersionWouldNotHaveUnderstoodIsNamedAsCritical() {
        TestRealm realm = realmWith("{'hint':'kck_…abcdef','enabled':true}");
        realm.keys().change(onlyKey(realm), Map.of("enabled", false));

        assertThat(stored(realm))
                .isEqualTo(Json.read("{\"v\":1,\"crit\":[\"disabledBy\"],\"hint\":\"kck_…abcdef\",\"enabled\":false,"
                        + "\"disabledBy\":\"administrator\"}"));
    }

    @Test
    void aKeyThatCannotBeReadIsListedAndCanOnlyBeDeleted() {
        canOnlyBeDeleted(realmWith("{}"));
    }

    private void canOnlyBeDeleted(TestRealm realm) {
        String id = onlyKey(realm);
        assertThat(realm.keys().get(id).shown().isEnabled()).isFalse();
        assertThat(realm.keys().change(id, Map.of("enabled", true)).status()).isEqualTo(409);
        assertThat(realm.keys().rotate(id, null).status()).isEqualTo(409);
        assertThat(realm.keys().delete(id).status()).isEqualTo(204);
    }

    private JsonNode stored(TestRealm realm) {
        return Json.read(
                realm.admin().users().get(holderId).credentials().get(0).getCredentialData());
    }

    private String onlyKey(TestRealm realm) {
        return realm.keys().list(Map.of("userId", holderId)).keys().get(0).id();
    }

    @Test
    void aDisabledKeyOfWhichNobodySaysByWhomCountsAsDisabledByAnAdministrator() {
        TestRealm realm = realmWith("{'hint':'kck_…abcdef','enabled':false}");
        User alice = new User(holderId, "alice");
        realm.users().enableSelfService(alice);
        KeysApi own = realm.keysOf(alice);
        String id = own.list(Map.of()).keys().get(0).id();

        assertThat(own.get(id).body().get("disabledBy")).hasToString("\"administrator\"");
        assertThat(own.change(id, Map.of("enabled", true)).status()).isEqualTo(403);
        assertThat(realm.keys().change(id, Map.of("enabled", true)).status()).isEqualTo(200);
    }

    @Test
    void aKeyOfAUserWhoseIdIsNoUuidWorks() {
        ApiKey foreign = ApiKey.generate("kck", "alice-of-old", new SecureRandom());
        TestRealm realm = TestRealm.importing(
                List.of(StoredKey.heldBy("alice-of-old", foreign, "{'hint':'kck_…abcdef','enabled':true}")));

        Page callback = realm.app().logIn(new Browser()).tryApiKey().typeKey(foreign.reveal());

        assertThat(realm.app().tokens(callback).accessClaims().subject()).isEqualTo("alice-of-old");
    }

    private TestRealm realmWith(String credentialData) {
        return TestRealm.importing(List.of(StoredKey.heldBy(holderId, key, credentialData)));
    }

    private Page type(TestRealm realm) {
        return realm.app().logIn(new Browser()).tryApiKey().typeKey(key.reveal());
    }
}
