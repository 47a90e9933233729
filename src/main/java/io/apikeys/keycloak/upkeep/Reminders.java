package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.internals.credential.HolderStorage;
import io.apikeys.keycloak.internals.credential.HolderStorage.UnavailableException;
import io.apikeys.keycloak.mail.HolderMail;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.upkeep.HolderReminders.Claim;
import io.apikeys.keycloak.upkeep.HolderReminders.ExpiringKey;
import jakarta.persistence.PersistenceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.keycloak.email.EmailException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.timer.ScheduledTask;

/**
 * Reminds holders by e-mail of keys that are about to expire: each holder at most once a day, of all such keys together.
 * Claims the keys, sends the e-mail, and notes that it was sent, each in a separate transaction, so that no row is locked
 * while a mail server is slow. An e-mail that cannot be sent is tried again a few times, after longer and longer pauses.
 *
 * @param firstPause the time until the second attempt
 */
record Reminders(Duration firstPause) implements ScheduledTask {

    private static final Logger LOG = Logger.getLogger(Reminders.class);

    @Override
    public void run(KeycloakSession session) {
        Instant now = Instant.now();
        DueKeys.eachRealm(
                session,
                "k.expiresAt > :now and k.remindedAt is null",
                now,
                due -> remind(due.factory(), due.realm(), now));
    }

    private void remind(KeycloakSessionFactory factory, RealmModel realm, Instant now) {
        RealmPolicy policy = RealmPolicy.of(realm);
        if (!RealmPolicy.enabled(realm)
                || policy.reminder() == null
                || realm.getSmtpConfig().isEmpty()) {
            return;
        }
        HolderReminders reminders =
                new HolderReminders(factory, realm.getId(), policy.reminder(), new Attempts(firstPause), now);
        String last = "";
        List<String> holders = reminders.dueHolders(last);
        while (!holders.isEmpty()) {
            for (String holder : holders) {
                remind(factory, reminders, holder);
                last = holder;
            }
            holders = reminders.dueHolders(last);
        }
    }

    private static void remind(KeycloakSessionFactory factory, HolderReminders reminders, String holderId) {
        try {
            Claim claim = reminders.claim(holderId);
            if (claim.keys().isEmpty()) {
                return;
            }
            send(factory, reminders.realmId(), holderId, claim.keys());
            reminders.sent(claim);
        } catch (EmailException notSent) {
            LOG.warnf("User %s could not be reminded of expiring API keys and will be later: %s", holderId, notSent);
        } catch (ModelException | PersistenceException | UnavailableException failed) {
            LOG.warnf("The API keys of user %s will be looked at again later: %s", holderId, failed);
            reminders.postpone(holderId);
        }
    }

    private static void send(KeycloakSessionFactory factory, String realmId, String holderId, List<ExpiringKey> keys)
            throws EmailException {
        EmailException[] failure = new EmailException[1];
        KeycloakModelUtils.runJobInTransaction(factory, session -> {
            RealmModel realm = session.realms().getRealm(realmId);
            session.getContext().setRealm(realm);
            HolderMail mail = new HolderStorage(session, realm)
                    .find(holderId)
                    .map(holder -> new HolderMail(session, realm, holder))
                    .orElse(null);
            if (mail == null) {
                return;
            }
            List<Map<String, String>> listed = keys.stream()
                    .map(key -> Map.of("name", key.name(), "hint", key.hint(), "expires", mail.time(key.end())))
                    .toList();
            try {
                mail.send("apiKeyReminderSubject", "api-key-reminder.ftl", Map.of("keys", listed));
            } catch (EmailException notSent) {
                failure[0] = notSent;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
    }
}
