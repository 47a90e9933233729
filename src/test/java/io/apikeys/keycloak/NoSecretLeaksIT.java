package io.apikeys.keycloak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.Secrets;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Runs last, over what the whole run has left behind: no secret of any key that any test was handed. Answers are looked
 * through as they come ({@code Http}), events as they are stored (in the database) and logged.
 */
@Order(Integer.MAX_VALUE)
class NoSecretLeaksIT {

    private final KeycloakServer server = KeycloakServer.running();
    private final TestRealm realm = TestRealm.create();
    private final RawKey key = realm.keyOfSomebody();

    @Test
    void noneInTheLogAtTrace() throws Exception {
        Page page = realm.app().logIn(new Browser()).tryApiKey().typeKey(key.raw());
        assertThat(page.isBackAtTheApp()).isTrue();

        // A container's log takes a moment to get here.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(server.log())
                        .as("the log has this extension's TRACE lines")
                        .contains("LOGIN_FORM: " + ForgedKey.hint(key.raw()) + " is valid"));
        assertThat(Secrets.in(server.log())).isEmpty();
    }

    @Test
    void noneInTheDatabase() throws IOException {
        String hash = ApiKey.parse(key.raw()).orElseThrow().hash().hash();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(database().contains(hash))
                        .as("the files hold the credential by now")
                        .isTrue());

        assertThat(Secrets.in(database())).isEmpty();
    }

    @Test
    void whatWouldLeakWouldBeSeen() {
        assertThat(Secrets.known()).contains(Secrets.secretOf(key.raw()));
        assertThat(Secrets.in("a log line with " + key.raw())).hasSize(1);
    }

    private String database() throws IOException {
        return new String(server.database(), ISO_8859_1);
    }
}
