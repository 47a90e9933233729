package io.apikeys.keycloak.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.events.EventType;
import org.keycloak.representations.idm.EventRepresentation;

/** Whatever is wrong with a key: the page again with a message, no session, and no server error ({@code Http}). */
class RefusedLoginIT {

    private static final String MISSING = "Please enter your API key.";
    private static final String MALFORMED = "This is not an API key. Was it copied completely?";
    private static final String UNKNOWN = "This API key cannot be used here.";

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final Browser browser = new Browser();

    @AfterEach
    void nobodyHasASession() {
        assertThat(realm.sessions().count(alice)).isZero();
        assertThat(browser.hasSession()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void nothing(String nothing) {
        assertThat(type(nothing).keyError()).isEqualTo(MISSING);
    }

    @Test
    void aFormWithoutTheField() {
        Page answer = keyPage().submit(Map.of("somethingElse", "x"));

        assertThat(answer.keyError()).isEqualTo(MISSING);
    }

    @Test
    void aTruncatedKey() {
        String key = realm.key(alice).raw();

        assertThat(type(key.substring(0, key.length() - 1)).keyError()).isEqualTo(MALFORMED);
        assertThat(type(key.substring(1)).keyError()).isEqualTo(MALFORMED);
    }

    @Test
    void aKeyWithOneCharacterChanged() {
        String key = realm.key(alice).raw();
        int middle = key.length() - 20;
        String changed = key.substring(0, middle) + (key.charAt(middle) == 'a' ? 'b' : 'a') + key.substring(middle + 1);

        assertThat(type(changed).keyError()).isEqualTo(MALFORMED);
        assertThat(type(ForgedKey.withChecksumOf(changed)).keyError()).isEqualTo(UNKNOWN);
    }

    @Test
    void aKeyWithAnotherPrefix() {
        String changed = realm.key(alice).raw().replaceFirst("^kck_", "abc_");

        assertThat(type(changed).keyError()).isEqualTo(MALFORMED);
        assertThat(type(ForgedKey.withChecksumOf(changed)).keyError()).isEqualTo(UNKNOWN);
    }

    @Test
    void aKeyOfAnotherRealm() {
        TestRealm other = TestRealm.create();

        assertThat(type(other.key(other.user("alice")).raw()).keyError()).isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kck_\u0000_\u0000",
                "schlüssel",
                "\u202e\ud83d\udd11",
                "' or 1=1 --",
                "../../etc/passwd",
                "${7*7}",
                "%00"
            })
    void whatIsNoKeyAtAll(String text) {
        assertThat(type(text).keyError()).isEqualTo(MALFORMED);
    }

    @Test
    void twentyThousandCharacters() {
        assertThat(type("a".repeat(20_000)).keyError()).isEqualTo(MALFORMED);
        assertThat(type("kck_x" + "z".repeat(20_000) + "_" + "a".repeat(49)).keyError())
                .isEqualTo(MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000-0000-0000-0000-000000000000",
                "f:00000000-0000-0000-0000-000000000000:alice",
                "alice",
                "' or ''='",
                "%"
            })
    void aLocatorThatLeadsToNobody(String userId) {
        assertThat(type(ForgedKey.of(userId)).keyError()).isEqualTo(UNKNOWN);
    }

    @Test
    void markupIsNotSentBack() {
        Page answer = type("<script>alert('key')</script>\"><img src=x onerror=alert(1)>");

        assertThat(answer.keyError()).isEqualTo(MALFORMED);
        assertThat(answer.html().html()).doesNotContain("alert(");
    }

    @Test
    void anExpiredKey() throws InterruptedException {
        RawKey key = realm.key(alice, Map.of("name", "short-lived", "expiresIn", 1));
        Thread.sleep(1_100);

        assertThat(type(key.raw()).keyError()).isEqualTo("This API key has expired.");
        assertRefusedWith("api_key_expired", key);
    }

    @Test
    void aDisabledKey() {
        RawKey key = realm.key(alice);
        realm.keys().change(key.id(), Map.of("enabled", false));

        assertThat(type(key.raw()).keyError()).isEqualTo("This API key is disabled.");
        assertRefusedWith("api_key_disabled", key);
    }

    @Test
    void aDeletedKey() {
        RawKey key = realm.key(alice);
        realm.keys().delete(key.id());

        assertThat(type(key.raw()).keyError()).isEqualTo(UNKNOWN);
        assertThat(loginError().getDetails()).containsEntry("api_key_hint", ForgedKey.hint(key.raw()));
    }

    @Test
    void aKeyOfADisabledHolder() {
        RawKey key = realm.key(alice);
        realm.users().disable(alice);

        assertThat(type(key.raw()).keyError())
                .isEqualTo("The account of this API key is disabled. Please contact your administrator.");
        assertRefusedWith("user_disabled", key);
    }

    @Test
    void aKeyOfAHolderWhomWrongPasswordsHaveLocked() {
        RawKey key = realm.key(alice);
        realm.users().lock(alice);

        assertThat(type(key.raw()).keyError())
                .isEqualTo("The account of this API key is temporarily locked after too many failed login attempts."
                        + " Please try again later.");
        assertRefusedWith("user_temporarily_disabled", key);
    }

    @Test
    void nobodyLearnsFromAWrongKeyWhatIsWrongWithItsHolder() {
        realm.users().disable(alice);

        assertThat(type(ForgedKey.of(alice.id())).keyError()).isEqualTo(UNKNOWN);
    }

    @Test
    void aHundredWrongKeysAfterAUsernameDoNotLockThatUser() {
        realm.settings().lockAfterWrongPasswords();
        realm.flow("username first")
                .create()
                .step("auth-username-form", "REQUIRED")
                .step("api-key-form", "REQUIRED")
                .bind();
        realm.key(alice);
        Page page = realm.app().logIn(browser).submit(Map.of("username", "alice"));
        for (int i = 0; i < 100; i++) {
            page = page.typeKey("kck_" + UUID.randomUUID());
            assertThat(page.keyError()).isEqualTo(MALFORMED);
        }

        assertThat(realm.users().isLocked(alice)).isFalse();
    }

    private Page keyPage() {
        return realm.app().logIn(browser).tryApiKey();
    }

    private Page type(String key) {
        Page answer = keyPage().typeKey(key);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.html().select("#apiKey").hasAttr("value")).isFalse();
        assertThat(loginError().getDetails()).containsEntry("credential_type", "api-key");
        return answer;
    }

    private void assertRefusedWith(String error, RawKey key) {
        assertThat(loginError().getError()).isEqualTo(error);
        assertThat(loginError().getUserId()).isEqualTo(alice.id());
        assertThat(loginError().getDetails()).containsEntry("api_key_id", key.id());
    }

    private EventRepresentation loginError() {
        return realm.events().ofType(EventType.LOGIN_ERROR).get(0);
    }
}
