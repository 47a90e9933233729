package io.apikeys.keycloak.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.RawRequest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.events.EventType;

/** Somebody has found a key, and ends it. */
class KeyRevocationIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);

    @Test
    void revocationEndsTheKeyAndItsSessions() {
        Tokens tokens =
                realm.app().tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(key.raw()));

        assertThat(revoke(key.raw())).isEqualTo(200);

        assertThat(realm.keys().get(key.id()).status()).isEqualTo(404);
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        assertThat(realm.app().refresh(tokens).status()).isEqualTo(400);
        assertThat(realm.sessions().count(alice)).isZero();
        assertThat(realm.events().ofType(EventType.REMOVE_CREDENTIAL))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getUserId()).isEqualTo(alice.id());
                    assertThat(event.getDetails()).containsEntry("api_key_id", key.id());
                });
    }

    @Test
    void aKeyThatIsSwitchedOffCanStillBeEnded() {
        realm.keys().change(key.id(), Map.of("enabled", false));
        realm.users().disable(alice);

        revoke(key.raw());

        assertThat(realm.keys().get(key.id()).status()).isEqualTo(404);
    }

    @Test
    void anyOtherTextIsIgnoredWithTheSameAnswer() {
        for (String wrong : new String[] {
            "",
            "nonsense",
            "kck_\u0000",
            "x".repeat(20_000),
            ForgedKey.of(alice.id()),
            ForgedKey.hint(key.raw()),
            key.id(),
            TestRealm.create().keyOfSomebody().raw()
        }) {
            assertThat(revoke(wrong)).isEqualTo(200);
        }
        assertThat(realm.keys().get(key.id()).status()).isEqualTo(200);
    }

    @Test
    void theKeyIsNotTakenFromTheAddress() {
        assertThat(KeysApi.revoke(realm, Map.of())).isEqualTo(400);
    }

    @Test
    void whereARealmRequiresHttpsNoKeyIsTakenWithoutIt() {
        KeysApi own = realm.keysOf(alice);
        realm.settings().requireHttps();

        assertThat(revoke(key.raw())).isEqualTo(403);
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(403);
        assertThat(own.list(Map.of()).status()).isEqualTo(403);
        assertThat(realm.keys().get(key.id()).status()).isEqualTo(200);
    }

    @Test
    void noMoreIsReadThanAKeyTakes() {
        assertThat(revoke("x".repeat(60_000))).isEqualTo(200);
        assertThat(revoke("x".repeat(70_000))).isEqualTo(413);
        assertThat(form("application/x-www-form-urlencoded")
                        .header("Content-Length", "100000000")
                        .status())
                .as("without waiting for the body")
                .isEqualTo(413);
        for (String type :
                List.of("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain")) {
            assertThat(form(type).endlessChunk(70_000).status())
                    .as("of a chunk without an end, as " + type)
                    .isIn(413, 415);
        }
        assertThat(realm.keys().get(key.id()).status()).isEqualTo(200);
    }

    @Test
    void aChunkedBodyIsAccepted() {
        byte[] token = ("token=" + key.raw()).getBytes(StandardCharsets.US_ASCII);
        byte[] chunks = (Integer.toHexString(token.length) + "\r\ntoken=" + key.raw() + "\r\n0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);

        assertThat(form("application/x-www-form-urlencoded")
                        .header("Transfer-Encoding", "chunked")
                        .body(chunks)
                        .status())
                .isEqualTo(200);

        assertThat(realm.keys().get(key.id()).status()).isEqualTo(404);
    }

    private RawRequest form(String type) {
        return new RawRequest("POST", "/realms/" + realm.name() + "/api-keys/revoke").header("Content-Type", type);
    }

    private int revoke(String token) {
        return KeysApi.revoke(realm, Map.of("token", token));
    }
}
