package io.apikeys.keycloak.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.apikeys.keycloak.support.AlertSigner;
import io.apikeys.keycloak.support.Json;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The e-mail to the holder of a key that somebody else has changed. */
class NoticesIT {

    private final GreenMail mail;
    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");

    NoticesIT() throws Exception {
        mail = new GreenMail(new ServerSetup(
                0, KeycloakServer.running().reachableAddress().getHostAddress(), ServerSetup.PROTOCOL_SMTP));
        mail.start();
    }

    @BeforeEach
    void configureMail() throws Exception {
        realm.users().verifyEmail(alice);
        realm.settings()
                .sendMailTo(
                        KeycloakServer.running().reachableAddress().getHostAddress(),
                        mail.getSmtp().getPort());
    }

    @AfterEach
    void stop() {
        mail.stop();
    }

    @Test
    void holdersAreToldOfWhatAdministratorsDoToTheirKeys() {
        RawKey laptop = realm.key(alice, Map.of("name", "laptop"));
        realm.keys().delete(laptop.id(), "leaked");
        assertThat(nextMail())
                .contains("An administrator revoked the API key \"laptop\". Reason: others have seen the key.", " UTC");

        RawKey phone = realm.key(alice, Map.of("name", "phone"));
        realm.keys().change(phone.id(), Map.of("enabled", false));
        assertThat(nextMail()).contains("An administrator disabled the API key \"phone\".");
        realm.keys().change(phone.id(), Map.of("enabled", true, "name", "mobile"));
        realm.keys().change(phone.id(), Map.of("name", "phone"));

        RawKey next = realm.keys().rotate(phone.id(), null).key();
        assertThat(nextMail()).contains("An administrator replaced the API key \"phone\" with a new one.");
        realm.admin().users().get(alice.id()).removeCredential(next.id());
        assertThat(nextMail()).contains("An administrator revoked the API key \"kck_");
        assertNoFurtherMail();
    }

    @Test
    void manyKeysAreOneMail() {
        realm.key(alice, Map.of("name", "laptop"));
        realm.key(alice, Map.of("name", "phone"));
        realm.keys().deleteAll(Map.of("userId", alice.id()));

        assertThat(nextMail()).contains("\"laptop\"", "\"phone\"");
        assertNoFurtherMail();
    }

    @Test
    void holdersAreToldOfAFoundKeyButNotOfWhatTheyDoThemselves() {
        RawKey found = realm.key(alice, Map.of("name", "published"));
        KeysApi own = realm.keysOf(alice);
        RawKey mine = own.create(Map.of("name", "mine")).key();
        own.change(mine.id(), Map.of("enabled", false));
        own.delete(mine.id());

        KeysApi.revoke(realm, Map.of("token", found.raw()));
        assertThat(nextMail()).contains("Somebody who had the API key \"published\" revoked it.");

        RawKey atDesk = realm.key(alice, Map.of("name", "at the desk"));
        realm.clients().resourceServer("desk").revoke(atDesk.raw());
        assertThat(nextMail()).contains("The application desk revoked the API key \"at the desk\".");
        assertNoFurtherMail();
    }

    @Test
    void holdersAreToldWhereALeakedKeyWasFound() throws Exception {
        RawKey leaked = realm.key(alice, Map.of("name", "published"));
        try (AlertSigner github = new AlertSigner()) {
            realm.setPolicy(Map.of("github-alert-keys", github.address()));

            github.report(
                    realm,
                    Json.write(List.of(
                            Map.of("token", leaked.raw(), "type", "example", "url", "https://example.org/<b>"))));
        }

        assertThat(nextMail())
                .contains(
                        "The API key \"published\" was found in public at https://example.org/<b>, and was therefore revoked.");
    }

    @Test
    void theRealmChoosesOfWhatToTell() {
        realm.setPolicy(Map.of("notices", "keys-ended-and-issued"));
        RawKey key = realm.key(alice, Map.of("name", "laptop"));
        assertThat(nextMail()).contains("An administrator created the API key \"laptop\" for you.");

        realm.setPolicy(Map.of("notices", "none"));
        realm.keys().delete(key.id());
        assertNoFurtherMail();
        assertThat(realm.setPolicy(Map.of("notices", "everything"))).isEqualTo(400);
    }

    @Test
    void theyAreInTheLanguageOfTheHolder() {
        realm.users().speak(alice, "de");
        realm.users().verifyEmail(alice);
        realm.keys().delete(realm.key(alice, Map.of("name", "Laptop")).id(), "unused");

        String text = nextMail();
        assertThat(text)
                .contains("Ein Administrator hat den API-Schlüssel „Laptop“ widerrufen.", "Grund: Der Schlüssel");
    }

    @Test
    void aMailServerThatIsSlowOrAwayHoldsUpNobody() throws Exception {
        mail.stop();
        RawKey first = realm.key(alice, Map.of("name", "first"));
        assertThat(realm.keys().delete(first.id()).status()).isEqualTo(204);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> KeycloakServer.running()
                        .log()
                        .contains("User " + alice.id() + " could not be told of changes to API keys"));

        try (ServerSocket silent =
                new ServerSocket(0, 10, KeycloakServer.running().reachableAddress())) {
            silent.setSoTimeout(60_000);
            realm.settings()
                    .sendMailTo(KeycloakServer.running().reachableAddress().getHostAddress(), silent.getLocalPort());
            RawKey second = realm.key(alice, Map.of("name", "second"));
            Instant start = Instant.now();
            assertThat(realm.keys().delete(second.id()).status()).isEqualTo(204);
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
            try (Socket sending = silent.accept()) {
                assertThat(sending.isConnected()).isTrue();
            }
        }
    }

    /** Returns the text of the next e-mail, which must be to alice. */
    private String nextMail() {
        await().atMost(Duration.ofSeconds(30)).until(() -> mail.getReceivedMessages().length > 0);
        MimeMessage[] messages = mail.getReceivedMessages();
        try {
            assertThat(Arrays.toString(messages[0].getAllRecipients())).isEqualTo("[alice@example.org]");
            mail.purgeEmailFromAllMailboxes();
            MimeMultipart parts = (MimeMultipart) messages[0].getContent();
            return parts.getBodyPart(0).getContent().toString();
        } catch (Exception e) {
            throw new AssertionError(GreenMailUtil.getBody(messages[0]), e);
        }
    }

    private void assertNoFurtherMail() {
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(4))
                .until(() -> List.of(mail.getReceivedMessages()).isEmpty());
    }
}
