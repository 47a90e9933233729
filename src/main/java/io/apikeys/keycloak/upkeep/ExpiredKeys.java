package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderKeys;
import io.apikeys.keycloak.credential.RealmPolicy;
import io.apikeys.keycloak.session.EndedKeys;
import io.apikeys.keycloak.usage.KeyRecord;
import io.apikeys.keycloak.verify.KeyEvents;
import java.time.Instant;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.timer.ScheduledTask;

/** Ends the sessions of keys that have expired, and deletes those that have been kept long enough. */
final class ExpiredKeys implements ScheduledTask {

    @Override
    public void run(KeycloakSession session) {
        Instant now = Instant.now();
        DueKeys.realms(session, "k.expiresAt <= :now", now).forEach(realm -> sweep(session, realm, now));
    }

    private static void sweep(KeycloakSession session, RealmModel realm, Instant now) {
        DueKeys due = new DueKeys(session, realm);
        due.each("k.ended = false", Instant.EPOCH, now, ExpiredKeys::end);
        RealmPolicy policy = RealmPolicy.of(realm);
        if (policy.retention() != null) {
            due.each("k.ended = true", Instant.EPOCH, now.minus(policy.retention()), ExpiredKeys::delete);
        }
    }

    private static void end(
            KeycloakSession session, RealmModel realm, UserModel holder, ApiKeyCredentialModel key, KeyRecord record) {
        EndedKeys.endSessionsOutsideOfRequests(session.getKeycloakSessionFactory(), realm.getId(), holder.getId());
        record.setEnded();
    }

    private static void delete(
            KeycloakSession session, RealmModel realm, UserModel holder, ApiKeyCredentialModel key, KeyRecord record) {
        HolderKeys.administered(holder, realm, session).delete(key);
        new EventBuilder(realm, session)
                .event(EventType.REMOVE_CREDENTIAL)
                .user(holder)
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(Details.CREDENTIAL_USER_LABEL, key.name())
                .detail(KeyEvents.KEY_ID, key.getId())
                .detail(Details.REASON, "expired")
                .success();
    }
}
