package io.apikeys.keycloak.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.StoredKey;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.UserRepresentation;

/** The e-mail to the holder of a key that is about to expire, in realms that remind a week before. */
class RemindersIT {

    private static final Duration SOON = Duration.ofDays(6);
    private static final Duration LONG = Duration.ofDays(90);

    private final ServerSetup setup = new ServerSetup(0, mailAddress(), ServerSetup.PROTOCOL_SMTP);
    private final GreenMail mail = new GreenMail(setup);

    RemindersIT() {
        mail.start();
    }

    @AfterEach
    void stop() {
        mail.stop();
    }

    @Test
    void comesOnceAndOnlyForKeysThatExpireSoon() throws Exception {
        UserRepresentation alice = holder("alice", "laptop", LONG, SOON);
        remind(realmOf(alice, holder("bob", "later", LONG, Duration.ofDays(8))));

        awaitMails(1);
        sleepOverUpkeep();

        assertThat(mail.getReceivedMessages()).hasSize(1);
        MimeMessage message = mail.getReceivedMessages()[0];
        assertThat(message.getSubject()).isEqualTo("API keys that expire soon");
        assertThat(recipient(message)).isEqualTo("alice@example.org");
        String text = GreenMailUtil.getBody(message);
        assertThat(text).contains("Content-Type: text/plain", "Content-Type: text/html");
        assertThat(text.replace("=\r\n", "")).contains("laptop", "rotate these", " UTC");
        assertThat(text).doesNotContain(alice.getCredentials().get(0).getSecretData());
    }

    @Test
    void isInTheLanguageOfTheHolder() throws Exception {
        UserRepresentation alice = holder("alice", "Laptop", LONG, SOON);
        TestRealm realm = realmOf(alice);
        realm.users().speak(new User(alice.getId(), "alice"), "de");
        remind(realm);

        awaitMails(1);

        assertThat(mail.getReceivedMessages()[0].getSubject()).isEqualTo("API-Schlüssel, die bald ablaufen");
    }

    @Test
    void theHoldersWordsAreNotInTheSubjectAndNoMarkup() throws Exception {
        remind(realmOf(holder("alice", "<a href='https://evil.example'>Log in</a> {0}", LONG, SOON)));

        awaitMails(1);

        MimeMessage message = mail.getReceivedMessages()[0];
        assertThat(message.getSubject()).isEqualTo("API keys that expire soon");
        String text = GreenMailUtil.getBody(message).replace("=\r\n", "").replace("=3D", "=");
        String html = text.substring(text.indexOf("Content-Type: text/html"));
        assertThat(html).contains("&lt;a href=").doesNotContain("<a href='https://evil.example'");
    }

    @Test
    void goesToVerifiedAddressesOnlyAndDoesNotKeepOthersWaiting() {
        UserRepresentation unverified = holder("mallory", "x", LONG, SOON.minusDays(2));
        unverified.setEmailVerified(false);
        UserRepresentation without = holder("nobody", "x", LONG, SOON.minusDays(1));
        without.setEmail(null);
        remind(realmOf(unverified, without, holder("alice", "laptop", LONG, SOON)));

        awaitMails(1);
        sleepOverUpkeep();

        assertThat(mail.getReceivedMessages()).hasSize(1);
        assertThat(recipient(mail.getReceivedMessages()[0])).isEqualTo("alice@example.org");
    }

    @Test
    void aKeyThatLivesShorterThanTwiceTheSpanIsNotRemindedOf() {
        UserRepresentation carol = holder("carol", "made inside of the span", SOON.plusMinutes(1), SOON);
        TestRealm realm = realmOf(
                holder("bob", "short", Duration.ofDays(13), SOON.minusDays(1)),
                carol,
                holder("alice", "long", Duration.ofDays(15), SOON));
        realm.key(new User(carol.getId(), "carol"), Map.of("name", "made now", "expiresIn", 3600));
        remind(realm);

        awaitMails(1);
        sleepOverUpkeep();

        assertThat(mail.getReceivedMessages()).hasSize(1);
        assertThat(recipient(mail.getReceivedMessages()[0])).isEqualTo("alice@example.org");
    }

    @Test
    void comesLaterWhenTheMailServerIsAway() {
        TestRealm realm = realmOf(holder("alice", "laptop", LONG, SOON));
        int port = mail.getSmtp().getPort();
        mail.stop();
        remind(realm);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> KeycloakServer.running().log().contains("could not be reminded of expiring API keys"));

        GreenMail again = new GreenMail(new ServerSetup(port, mailAddress(), ServerSetup.PROTOCOL_SMTP));
        again.start();
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> again.getReceivedMessages().length == 1);
        } finally {
            again.stop();
        }
    }

    @Test
    void oneMailListsAllKeysOfAHolder() throws Exception {
        UserRepresentation alice = holder("alice", "laptop", LONG, SOON);
        UserRepresentation other = holder("alice", "phone", LONG, SOON.minusDays(3));
        UserRepresentation tomorrow =
                holder("alice", "desk", LONG, Duration.ofDays(7).plusHours(12));
        UserRepresentation later = holder("alice", "attic", LONG, Duration.ofDays(9));
        alice.setCredentials(Stream.of(alice, other, tomorrow, later)
                .map(user -> user.getCredentials().get(0))
                .toList());
        TestRealm realm = realmOf(alice);
        remind(realm);

        awaitMails(1);
        String extended =
                realm.keys().list(Map.of("search", "attic")).keys().get(0).id();
        realm.keys()
                .change(extended, Map.of("expiresAt", Instant.now().plus(SOON).toString()));
        sleepOverUpkeep();

        assertThat(mail.getReceivedMessages()).as("at most one a day").hasSize(1);
        String text = GreenMailUtil.getBody(mail.getReceivedMessages()[0]).replace("=\r\n", "");
        assertThat(text).containsSubsequence("phone", "laptop", "desk").doesNotContain("attic");
    }

    @Test
    void thePredecessorOfARotatedKeyIsNotRemindedOf() {
        UserRepresentation alice = holder("alice", "laptop", LONG, Duration.ofDays(30));
        TestRealm realm = realmOf(alice, holder("bob", "laptop", LONG, SOON));
        realm.setPolicy(Map.of("notices", "none"));
        realm.keys()
                .rotate(
                        realm.keys()
                                .list(Map.of("userId", alice.getId()))
                                .keys()
                                .get(0)
                                .id(),
                        "{\"graceSeconds\": 86400}");
        remind(realm);

        awaitMails(1);
        sleepOverUpkeep();

        assertThat(mail.getReceivedMessages()).hasSize(1);
        assertThat(recipient(mail.getReceivedMessages()[0])).isEqualTo("bob@example.org");
    }

    /** A mail server that accepts connections and says nothing holds up neither requests nor other holders for long. */
    @Test
    void nothingIsLockedWhileAMailServerIsSlow() throws Exception {
        UserRepresentation alice = holder("alice", "laptop", LONG, SOON);
        try (ServerSocket silent =
                new ServerSocket(0, 10, KeycloakServer.running().reachableAddress())) {
            TestRealm realm = TestRealm.importing(List.of(alice));
            realm.settings().sendMailTo(mailAddress(), silent.getLocalPort());
            realm.setPolicy(Map.of("reminder-days", "7"));
            silent.setSoTimeout(60_000);
            try (Socket sending = silent.accept()) {
                String id = realm.keys()
                        .list(Map.of("userId", alice.getId()))
                        .keys()
                        .get(0)
                        .id();
                Instant start = Instant.now();
                assertThat(realm.keys()
                                .change(id, Map.of("name", "renamed", "expiresIn", 86_400))
                                .status())
                        .isEqualTo(200);
                assertThat(realm.keys().delete(id).status()).isEqualTo(204);

                assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
                assertThat(sending.isConnected()).isTrue();
            }
        }
    }

    /** A user with a verified address and one key. */
    private static UserRepresentation holder(String username, String keyName, Duration life, Duration left) {
        Instant end = Instant.now().plus(left).truncatedTo(ChronoUnit.SECONDS);
        String id = UUID.randomUUID().toString();
        UserRepresentation user = StoredKey.heldBy(
                id,
                ApiKey.generate("kck", id, new SecureRandom()),
                "{'hint':'kck_…abcdef','expiresAt':'" + end + "','enabled':true}");
        user.setUsername(username);
        user.setEmail(username + "@example.org");
        user.setEmailVerified(true);
        user.getCredentials().get(0).setUserLabel(keyName);
        user.getCredentials().get(0).setCreatedDate(end.minus(life).toEpochMilli());
        return user;
    }

    private TestRealm realmOf(UserRepresentation... users) {
        TestRealm realm = TestRealm.importing(List.of(users));
        realm.settings().sendMailTo(setup.getBindAddress(), mail.getSmtp().getPort());
        return realm;
    }

    private static void remind(TestRealm realm) {
        realm.setPolicy(Map.of("reminder-days", "7"));
    }

    private void awaitMails(int count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> mail.getReceivedMessages().length >= count);
    }

    private static void sleepOverUpkeep() {
        try {
            Thread.sleep(2L * KeycloakServer.UPKEEP_SECONDS * 1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String mailAddress() {
        try {
            return KeycloakServer.running().reachableAddress().getHostAddress();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String recipient(MimeMessage message) {
        try {
            return Arrays.toString(message.getAllRecipients()).replaceAll("[\\[\\]]", "");
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
