package io.apikeys.keycloak.upkeep;

import java.time.Duration;
import java.time.Instant;
import org.keycloak.models.KeycloakSession;
import org.keycloak.timer.ScheduledTask;

/**
 * Deletes keys that a page has shown, but which nobody has confirmed or used: the page may have been closed before the key
 * was seen.
 *
 * @param kept how long such a key is kept
 */
record UnseenKeys(Duration kept) implements ScheduledTask {

    private static final String UNSEEN = "k.unconfirmedSince <= :now and k.lastUsedAt is null";

    @Override
    public void run(KeycloakSession session) {
        Instant until = Instant.now().minus(kept);
        DueKeys.eachRealm(
                session,
                UNSEEN,
                until,
                keys -> keys.each(UNSEEN, until, due -> due.delete("nobody has confirmed or used it")));
    }
}
