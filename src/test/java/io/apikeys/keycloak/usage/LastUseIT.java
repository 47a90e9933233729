package io.apikeys.keycloak.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeyAnswer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What lists say about when a key was last used. */
class LastUseIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);

    @Test
    void aKeyThatWasNotUsedSaysSo() {
        KeyAnswer shown = realm.keys().get(key.id()).shown();

        assertThat(shown.get("lastUsedAt").isNull()).isTrue();
        assertThat(shown.get("lastUsedAddress").isNull()).isTrue();
        assertThat(shown.get("lastUsedDoor").isNull()).isTrue();
        assertThat(shown.get("useCount").intValue()).isZero();
    }

    @Test
    void aUseIsShownSoonWithTimeAndAddressToHolderAndAdministrator() {
        Instant before = Instant.now();
        realm.gateway().check(key.raw());

        Instant used = awaitLastUse();

        assertThat(used).isBetween(before.minusSeconds(1), Instant.now());
        KeyAnswer shown = realm.keysOf(alice).get(key.id()).shown();
        assertThat(shown.get("lastUsedAddress").textValue()).matches("127\\.0\\.0\\.1|172\\..*");
        assertThat(shown.lastUsedDoor()).isEqualTo("gateway");
        assertThat(shown.get("useCount").intValue()).isEqualTo(1);
        assertThat(realm.keys().list(Map.of("userId", alice.id())).keys().get(0).get("lastUsedAt"))
                .isEqualTo(shown.get("lastUsedAt"));
    }

    @Test
    void aLoginIsAUse() {
        realm.app().logIn(new Browser()).tryApiKey().typeKey(key.raw());

        assertThat(awaitLastUse()).isCloseTo(Instant.now(), within(30, ChronoUnit.SECONDS));
        assertThat(realm.keys().get(key.id()).shown().lastUsedDoor()).isEqualTo("login_form");
    }

    @Test
    void whatWasRefusedIsNoUse() {
        RawKey other = realm.key(alice);
        realm.gateway().check(key.raw(), "a-role-that-alice-lacks");
        realm.gateway().check(other.raw());
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        !realm.keys().get(other.id()).shown().get("lastUsedAt").isNull());

        assertThat(realm.keys().get(key.id()).shown().get("lastUsedAt").isNull())
                .isTrue();
    }

    @Test
    void theRealmSettlesHowExactItIs() {
        realm.setPolicy(Map.of("last-use-resolution-seconds", "86400"));
        realm.gateway().check(key.raw());

        assertThat(awaitLastUse()).isEqualTo(Instant.now().truncatedTo(ChronoUnit.DAYS));
    }

    private Instant awaitLastUse() {
        await().atMost(Duration.ofSeconds(30)).until(() -> lastUse().isTextual());
        return Instant.parse(lastUse().textValue());
    }

    private JsonNode lastUse() {
        return realm.keys().get(key.id()).shown().get("lastUsedAt");
    }
}
