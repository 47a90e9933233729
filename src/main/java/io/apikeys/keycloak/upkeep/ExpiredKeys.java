package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.internals.session.EndedKeys;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.upkeep.DueKeys.Due;
import java.time.Instant;
import org.keycloak.models.KeycloakSession;
import org.keycloak.timer.ScheduledTask;

/** Ends the sessions of keys that have expired, and deletes those that have been kept long enough. */
final class ExpiredKeys implements ScheduledTask {

    @Override
    public void run(KeycloakSession session) {
        Instant now = Instant.now();
        DueKeys.eachRealm(session, "k.expiresAt <= :now", now, due -> sweep(due, now));
    }

    private static void sweep(DueKeys due, Instant now) {
        due.each("k.ended = false", Instant.EPOCH, now, ExpiredKeys::end);
        RealmPolicy policy = RealmPolicy.of(due.realm());
        if (policy.retention() != null) {
            due.each(
                    "k.ended = true",
                    Instant.EPOCH,
                    now.minus(policy.retention()),
                    expired -> expired.delete("expired"));
        }
    }

    private static void end(Due due) {
        due.record().ifPresent(record -> {
            EndedKeys.endSessionsOutsideOfRequests(
                    due.session().getKeycloakSessionFactory(),
                    due.realm().getId(),
                    due.holder().getId());
            record.setEnded();
        });
    }
}
