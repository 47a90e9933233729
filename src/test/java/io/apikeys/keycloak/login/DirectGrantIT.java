package io.apikeys.keycloak.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.events.EventType;

/** A program without a browser gets standard tokens for a key, by the password grant. */
class DirectGrantIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final User bob = realm.user("bob");
    private final RawKey key = realm.key(alice);

    @BeforeEach
    void keysInsteadOfPasswords() {
        realm.flow("direct grant by key")
                .create()
                .step("api-key-direct-grant", "REQUIRED")
                .bindToDirectGrant();
    }

    @Test
    void aKeyAloneGetsTokensThatRefresh() {
        Tokens tokens = realm.app().directGrant(Map.of("api_key", key.raw()));

        assertThat(tokens.accessClaims().subject()).isEqualTo(alice.id());
        assertThat(tokens.accessClaims().at("/api_key/id").textValue()).isEqualTo(key.id());
        assertThat(realm.app().refresh(tokens).status()).isEqualTo(200);
        assertThat(realm.sessions().count(alice)).isEqualTo(1);
        assertThat(realm.events().ofType(EventType.LOGIN).get(0).getDetails())
                .containsEntry("credential_type", "api-key")
                .containsEntry("api_key_id", key.id());
    }

    @Test
    void aKeyGoesWherePasswordsGo() {
        assertThat(realm.app()
                        .directGrant(Map.of("username", "alice", "password", key.raw()))
                        .status())
                .isEqualTo(200);
        assertThat(realm.app()
                        .directGrant(Map.of("username", "alice@example.org", "password", key.raw()))
                        .status())
                .isEqualTo(200);
        assertThat(realm.app().directGrant(Map.of("password", key.raw())).status())
                .isEqualTo(200);
    }

    @Test
    void aUsernameThatIsGivenHasToBeTheHolders() {
        for (String other : new String[] {"bob", "nobody", "", "%"}) {
            assertRefused("Invalid user credentials", Map.of("username", other, "api_key", key.raw()));
        }
    }

    @Test
    void aKeyBesideAPasswordIsTheOneThatCounts() {
        assertRefused(
                "Invalid user credentials", Map.of("username", "alice", "password", key.raw(), "api_key", "nonsense"));
    }

    @Test
    void passwordsAreNoKeys() {
        assertRefused("Invalid user credentials", Map.of("username", "alice", "password", TestRealm.PASSWORD));
        assertRefused("Invalid user credentials", Map.of("username", "alice"));
    }

    @Test
    void theSessionEndsWithTheKey() {
        Tokens tokens = realm.app().directGrant(Map.of("api_key", key.raw()));

        realm.keys().delete(key.id());

        assertThat(realm.app().refresh(tokens).status()).isEqualTo(400);
        assertThat(realm.sessions().count(alice)).isZero();
    }

    @Test
    void whatIsWrongIsToldOnlyToWhoHoldsTheKey() throws Exception {
        RawKey disabled = realm.key(alice);
        realm.keys().change(disabled.id(), Map.of("enabled", false));
        RawKey expired = realm.key(alice, Map.of("name", "short-lived", "expiresIn", 1));
        Thread.sleep(1_100);

        assertRefused("API key disabled", Map.of("api_key", disabled.raw()));
        assertRefused("API key expired", Map.of("api_key", expired.raw()));
        assertRefused("Invalid user credentials", Map.of("api_key", ForgedKey.of(alice.id())));
        assertRefused(
                "Invalid user credentials",
                Map.of("api_key", TestRealm.create().keyOfSomebody().raw()));
        realm.users().disable(alice);
        assertRefused("Account disabled", Map.of("api_key", key.raw()));
        assertRefused("Invalid user credentials", Map.of("api_key", ForgedKey.of(alice.id())));
    }

    @Test
    void aHundredWrongKeysLockNobody() {
        realm.settings().lockAfterWrongPasswords();
        for (int i = 0; i < 100; i++) {
            assertRefused("Invalid user credentials", Map.of("username", "alice", "api_key", ForgedKey.of(alice.id())));
        }

        assertThat(realm.users().isLocked(alice)).isFalse();
        assertThat(realm.app().directGrant(Map.of("api_key", key.raw())).status())
                .isEqualTo(200);
    }

    @Test
    void aPendingRequiredActionStopsTheGrant() {
        realm.users().requireAction(alice, "UPDATE_PASSWORD");

        assertRefused("Account is not fully set up", Map.of("api_key", key.raw()));
    }

    @Test
    void aClientThatMayNotUseTheGrantGetsNothing() {
        realm.clients().disableDirectGrants("app");

        assertThat(realm.app().directGrant(Map.of("api_key", key.raw())).error())
                .isEqualTo("unauthorized_client");
    }

    private void assertRefused(String description, Map<String, String> parameters) {
        Tokens answer = realm.app().directGrant(parameters);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_grant");
        assertThat(answer.errorDescription()).isEqualTo(description);
        assertThat(realm.sessions().count(alice) + realm.sessions().count(bob)).isZero();
    }
}
