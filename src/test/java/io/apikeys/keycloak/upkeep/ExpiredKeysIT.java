package io.apikeys.keycloak.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.BackchannelLogouts;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.StoredKey;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.keycloak.events.EventType;
import org.keycloak.representations.idm.EventRepresentation;

/** What happens to a key that has expired, without anybody asking. */
class ExpiredKeysIT {

    private static final Duration SOON = Duration.ofSeconds(40);

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");

    @Test
    void itsSessionsEndAndTheirClientsAreTold() throws Exception {
        try (BackchannelLogouts logouts = BackchannelLogouts.of(realm)) {
            RawKey key = realm.key(alice, Map.of("name", "short-lived", "expiresIn", 4));
            Tokens byKey = realm.app()
                    .tokens(realm.app().logIn(new Browser()).tryApiKey().typeKey(key.raw()));
            Tokens byPassword = realm.app().passwordGrant("alice", TestRealm.PASSWORD);

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(logouts.received())
                            .containsExactly(byKey.accessClaims().sessionId()));

            // The client is told before the transaction that ends the session is committed.
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(realm.sessions().count(alice)).isEqualTo(1));
            assertThat(realm.app().refresh(byPassword).status()).isEqualTo(200);
        }
    }

    @Test
    void itIsListedUntilItsRetentionIsOver() throws Exception {
        RawKey key = realm.key(alice, Map.of("name", "short-lived", "expiresIn", 1));
        Thread.sleep(Duration.ofSeconds(8).toMillis());

        assertThat(realm.keys().get(key.id()).status()).isEqualTo(200);
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
    }

    @Test
    void itIsDeletedAfterItsRetentionAndAnEventSaysSo() {
        String holder = UUID.randomUUID().toString();
        TestRealm old = TestRealm.importing(List.of(StoredKey.heldBy(
                holder,
                ApiKey.generate("kck", holder, new SecureRandom()),
                "{'hint':'kck_…abcdef','expiresAt':'2020-01-01T00:00:00Z','enabled':true}")));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(old.events().ofType(EventType.REMOVE_CREDENTIAL))
                        .hasSize(1));

        assertThat(old.keys().list(Map.of("userId", holder)).keys()).isEmpty();
        EventRepresentation event =
                old.events().ofType(EventType.REMOVE_CREDENTIAL).get(0);
        assertThat(event.getUserId()).isEqualTo(holder);
        assertThat(event.getDetails())
                .containsEntry("reason", "expired")
                .containsEntry("credential_type", "api-key")
                .containsKey("api_key_id");
    }
}
