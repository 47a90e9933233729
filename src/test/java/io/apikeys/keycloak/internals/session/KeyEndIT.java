package io.apikeys.keycloak.internals.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.AccountApi;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.BackchannelLogouts;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When a key ends, by whichever door, what it opened ends too, and nothing else does. */
class KeyEndIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);

    /** A way of ending a key. */
    interface End {
        void of(TestRealm realm, User holder, RawKey key);
    }

    static Stream<Named<End>> ends() {
        return Stream.of(
                Named.of(
                        "deleted by its holder",
                        (realm, holder, key) -> realm.keysOf(holder).delete(key.id())),
                Named.of(
                        "disabled by its holder",
                        (realm, holder, key) -> realm.keysOf(holder).change(key.id(), Map.of("enabled", false))),
                Named.of(
                        "deleted by an administrator",
                        (realm, holder, key) -> realm.keys().delete(key.id())),
                Named.of(
                        "disabled by an administrator",
                        (realm, holder, key) -> realm.keys().change(key.id(), Map.of("enabled", false))),
                Named.of(
                        "deleted in the Admin Console",
                        (realm, holder, key) ->
                                realm.admin().users().get(holder.id()).removeCredential(key.id())),
                Named.of(
                        "deleted in the Account Console",
                        (realm, holder, key) -> new AccountApi(realm, holder).deleteCredential(key.id())));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void itsSessionsEndAndTheirClientsAreTold(End end) throws Exception {
        try (BackchannelLogouts logouts = BackchannelLogouts.of(realm)) {
            Tokens tokens = signIn(key);
            assertThat(realm.app().userinfo(tokens)).isEqualTo(200);

            end.of(realm, alice, key);

            assertThat(realm.app().refresh(tokens).status()).isEqualTo(400);
            assertThat(realm.app().userinfo(tokens)).isEqualTo(401);
            assertThat(logouts.received()).containsExactly(tokens.accessClaims().sessionId());
        }
    }

    @ParameterizedTest
    @MethodSource("ends")
    void sessionsByPasswordOrByAnotherKeyStay(End end) {
        Tokens byPassword = realm.app().passwordGrant("alice", TestRealm.PASSWORD);
        Tokens byAnotherKey = signIn(realm.key(alice));
        signIn(key);

        end.of(realm, alice, key);

        assertThat(realm.app().refresh(byPassword).status()).isEqualTo(200);
        assertThat(realm.app().refresh(byAnotherKey).status()).isEqualTo(200);
    }

    @Test
    void offlineSessionsEndToo() {
        Tokens tokens = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser(), Map.of("scope", "openid offline_access"))
                        .tryApiKey()
                        .typeKey(key.raw()));
        assertThat(tokens.body().get("refresh_expires_in").asLong()).isZero();
        assertThat(realm.app().refresh(tokens).status()).isEqualTo(200);

        realm.keys().delete(key.id());

        assertThat(realm.app().refresh(tokens).status()).isEqualTo(400);
    }

    @Test
    void aRemovedHolderTakesTheSessionsAlong() throws Exception {
        try (BackchannelLogouts logouts = BackchannelLogouts.of(realm)) {
            Tokens tokens = signIn(key);

            realm.admin().users().get(alice.id()).remove();

            assertThat(realm.app().refresh(tokens).status()).isEqualTo(400);
            assertThat(logouts.received()).containsExactly(tokens.accessClaims().sessionId());
        }
    }

    @Test
    void renamingAKeyOrEnablingItAgainEndsNothing() {
        Tokens tokens = signIn(key);

        realm.keys().change(key.id(), Map.of("name", "renamed"));
        realm.keys().change(key.id(), Map.of("enabled", true));

        assertThat(realm.app().refresh(tokens).status()).isEqualTo(200);
    }

    @Test
    void aRefusedChangeEndsNothing() {
        Tokens tokens = signIn(key);
        realm.key(alice, Map.of("name", "taken"));

        realm.keys().change(key.id(), Map.of("name", "taken", "enabled", false));

        assertThat(realm.app().refresh(tokens).status()).isEqualTo(200);
    }

    @Test
    void tokensEndNoLaterThanTheKey() {
        RawKey shortLived = realm.key(alice, Map.of("name", "short-lived", "expiresIn", 30));

        Tokens first = signIn(shortLived);
        Tokens second = realm.app().refresh(first);

        for (Tokens tokens : new Tokens[] {first, second}) {
            assertThat(tokens.body().get("expires_in").asLong()).isBetween(1L, 30L);
            assertThat(tokens.body().get("refresh_expires_in").asLong()).isBetween(1L, 30L);
        }
        Tokens offline = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser(), Map.of("scope", "openid offline_access"))
                        .tryApiKey()
                        .typeKey(shortLived.raw()));
        assertThat(offline.body().get("refresh_expires_in").asLong()).isBetween(1L, 30L);
    }

    @Test
    void noTokensOnASessionWhoseKeyHasExpired() throws Exception {
        RawKey shortLived = realm.key(alice, Map.of("name", "short-lived", "expiresIn", 2));
        Browser browser = new Browser();
        Tokens tokens =
                realm.app().tokens(realm.app().logIn(browser).tryApiKey().typeKey(shortLived.raw()));
        Thread.sleep(2_100);

        assertThat(realm.app().logIn(browser).offersAnotherWay())
                .as("no single sign-on")
                .isTrue();
        assertThat(realm.app().refresh(tokens).status()).isEqualTo(400);
    }

    private Tokens signIn(RawKey with) {
        return realm.app().tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(with.raw()));
    }
}
