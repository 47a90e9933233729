package io.apikeys.keycloak.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.events.EventType;
import org.keycloak.representations.idm.EventRepresentation;

/** A user signs in to a program with nothing but a key. */
class LoginIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final Browser browser = new Browser();

    @Test
    void aKeyUnderTryAnotherWaySignsItsHolderIn() {
        Page callback =
                realm.app().logIn(browser).tryApiKey().typeKey(realm.key(alice).raw());

        Tokens tokens = realm.app().tokens(callback);
        assertThat(tokens.accessClaims().subject()).isEqualTo(alice.id());
        assertThat(tokens.idClaims().text("preferred_username")).isEqualTo("alice");
        assertThat(realm.app().userinfo(tokens)).isEqualTo(200);
    }

    @Test
    void theTokensSayByWhichKey() {
        RawKey key = realm.key(alice, Map.of("name", "laptop"));

        Tokens tokens = realm.app().tokens(signIn(key));

        JsonNode claim = tokens.accessClaims().get("api_key");
        assertThat(claim.get("id").textValue()).isEqualTo(key.id());
        assertThat(claim.get("name").textValue()).isEqualTo("laptop");
        assertThat(claim).hasSize(2);
        assertThat(tokens.idClaims().get("api_key")).isEqualTo(claim);
    }

    @Test
    void theSessionCanBeRefreshedAndShowsInTheAdminApiAndEndsByLogout() {
        Tokens tokens = realm.app().tokens(signIn(realm.key(alice)));
        assertThat(realm.app().refresh(tokens).status()).isEqualTo(200);
        assertThat(realm.sessions().count(alice)).isEqualTo(1);

        realm.app().logOut(browser, tokens);

        assertThat(realm.sessions().count(alice)).isZero();
        assertThat(realm.app().refresh(tokens).status()).isEqualTo(400);
        assertThat(realm.app().logIn(browser).uri().getPath()).contains("/protocol/openid-connect/auth");
    }

    @Test
    void aSecondClientGetsSingleSignOn() {
        signIn(realm.key(alice));

        App another = realm.clients().anotherApp();
        Tokens tokens = another.tokens(another.logIn(browser));

        assertThat(tokens.accessClaims().subject()).isEqualTo(alice.id());
    }

    @Test
    void theLoginEventNamesTheKey() {
        RawKey key = realm.key(alice);
        signIn(key);

        EventRepresentation event = realm.events().ofType(EventType.LOGIN).get(0);
        assertThat(event.getUserId()).isEqualTo(alice.id());
        assertThat(event.getDetails())
                .containsEntry("credential_type", "api-key")
                .containsEntry("api_key_id", key.id());
    }

    @Test
    void aHundredWrongKeysDoNotLockTheirHolder() {
        realm.settings().lockAfterWrongPasswords();
        RawKey key = realm.key(alice);
        Page page = realm.app().logIn(browser).tryApiKey();
        for (int i = 0; i < 100; i++) {
            page = page.typeKey(ForgedKey.of(alice.id()));
            assertThat(page.keyError()).isEqualTo("This API key cannot be used here.");
        }

        assertThat(realm.users().isLocked(alice)).isFalse();
        assertThat(realm.app().tokens(page.typeKey(key.raw())).status()).isEqualTo(200);
    }

    private Page signIn(RawKey key) {
        return realm.app().logIn(browser).tryApiKey().typeKey(key.raw());
    }
}
