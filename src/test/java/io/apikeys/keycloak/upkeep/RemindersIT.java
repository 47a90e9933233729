package io.apikeys.keycloak.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The e-mail to the holder of a key that is about to expire. */
class RemindersIT {

    private static final int WEEK_SECONDS = 7 * 86_400;

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final GreenMail mail;

    RemindersIT() throws IOException {
        ServerSetup setup = new ServerSetup(
                0, KeycloakServer.running().reachableAddress().getHostAddress(), ServerSetup.PROTOCOL_SMTP);
        mail = new GreenMail(setup);
        mail.start();
        realm.sendMailTo(setup.getBindAddress(), mail.getSmtp().getPort());
        realm.setPolicy(Map.of("reminder-days", "7"));
    }

    @AfterEach
    void stop() {
        mail.stop();
    }

    @Test
    void comesOnceAndOnlyForKeysThatExpireSoon() throws Exception {
        realm.key(alice, Map.of("name", "later", "expiresIn", 2 * WEEK_SECONDS));
        realm.key(alice, Map.of("name", "never"));
        RawKey soon = realm.key(alice, Map.of("name", "laptop", "expiresIn", WEEK_SECONDS - 60));

        await().atMost(Duration.ofSeconds(30)).until(() -> mail.getReceivedMessages().length > 0);
        Thread.sleep(2L * KeycloakServer.UPKEEP_SECONDS * 1000);

        assertThat(mail.getReceivedMessages()).hasSize(1);
        MimeMessage message = mail.getReceivedMessages()[0];
        assertThat(message.getSubject()).isEqualTo("Your API key \"laptop\" expires soon");
        assertThat(message.getAllRecipients()[0]).hasToString("alice@example.org");
        String text = GreenMailUtil.getBody(message);
        assertThat(text).contains("Content-Type: text/plain", "Content-Type: text/html");
        assertThat(text.replace("=\r\n", "")).contains("laptop", "rotate this one");
        assertThat(message.getContent().toString()).doesNotContain(soon.raw());
        assertThat(ForgedKey.hint(soon.raw())).startsWith("kck_");
    }

    @Test
    void isInTheLanguageOfTheHolder() throws Exception {
        realm.users().speak(alice, "de");
        realm.key(alice, Map.of("name", "Laptop", "expiresIn", 3600));

        await().atMost(Duration.ofSeconds(30)).until(() -> mail.getReceivedMessages().length > 0);

        assertThat(mail.getReceivedMessages()[0].getSubject()).isEqualTo("Ihr API-Schlüssel „Laptop“ läuft bald ab");
    }

    @Test
    void doesNotComeToWhoHasNoAddressAndDoesNotKeepOthersWaiting() {
        realm.key(realm.users().withNothingButAName("nobody"), Map.of("name", "x", "expiresIn", 3600));
        realm.key(alice, Map.of("name", "laptop", "expiresIn", 7200));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> Arrays.stream(mail.getReceivedMessages())
                                .filter(RemindersIT::isToAlice)
                                .count()
                        == 1);
    }

    @Test
    void comesLaterWhenTheMailServerIsAway() {
        int port = mail.getSmtp().getPort();
        mail.stop();
        realm.key(alice, Map.of("name", "laptop", "expiresIn", 3600));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> KeycloakServer.running().log().contains("will be looked at again later"));

        GreenMail again = new GreenMail(new ServerSetup(port, mailAddress(), ServerSetup.PROTOCOL_SMTP));
        again.start();
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> again.getReceivedMessages().length == 1);
        } finally {
            again.stop();
        }
    }

    private static String mailAddress() {
        try {
            return KeycloakServer.running().reachableAddress().getHostAddress();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isToAlice(MimeMessage message) {
        try {
            return message.getAllRecipients()[0].toString().startsWith("alice");
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
