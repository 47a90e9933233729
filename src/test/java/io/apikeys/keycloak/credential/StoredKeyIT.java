package io.apikeys.keycloak.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.StoredKey;
import io.apikeys.keycloak.support.TestRealm;
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

    @Test
    void aKeyThatCannotBeReadIsListedAndCanOnlyBeDeleted() {
        TestRealm realm = realmWith("{}");
        String id = realm.keys()
                .list(Map.of("userId", holderId))
                .body()
                .get(0)
                .get("id")
                .textValue();

        assertThat(realm.keys().get(id).body().get("enabled").booleanValue()).isFalse();
        assertThat(realm.keys().change(id, Map.of("enabled", true)).status()).isEqualTo(409);
        assertThat(realm.keys().delete(id).status()).isEqualTo(204);
    }

    @Test
    void aKeyOfAUserWhoseIdIsNoUuidWorks() {
        ApiKey foreign = ApiKey.generate("kck", "alice-of-old", new SecureRandom());
        TestRealm realm = TestRealm.importing(
                List.of(StoredKey.heldBy("alice-of-old", foreign, "{'hint':'kck_…abcdef','enabled':true}")));

        Page callback = realm.app().logIn(new Browser()).tryApiKey().typeKey(foreign.reveal());

        assertThat(realm.app().tokens(callback).accessClaims().get("sub").textValue())
                .isEqualTo("alice-of-old");
    }

    private TestRealm realmWith(String credentialData) {
        return TestRealm.importing(List.of(StoredKey.heldBy(holderId, key, credentialData)));
    }

    private Page type(TestRealm realm) {
        return realm.app().logIn(new Browser()).tryApiKey().typeKey(key.reveal());
    }
}
