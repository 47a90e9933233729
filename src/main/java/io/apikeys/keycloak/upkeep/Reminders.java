package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.KeyPolicy;
import io.apikeys.keycloak.credential.RealmPolicy;
import io.apikeys.keycloak.usage.KeyRecord;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.timer.ScheduledTask;

/** Reminds holders by e-mail of keys that are about to expire, once a key. */
final class Reminders implements ScheduledTask {

    private static final Logger LOG = Logger.getLogger(Reminders.class);

    @Override
    public void run(KeycloakSession session) {
        Instant now = Instant.now();
        DueKeys.realms(session, "k.expiresAt > :now and k.remindedAt is null", now)
                .forEach(realm -> remind(session, realm, now));
    }

    private static void remind(KeycloakSession session, RealmModel realm, Instant now) {
        RealmPolicy policy = RealmPolicy.of(realm);
        if (policy.reminder() != null && !realm.getSmtpConfig().isEmpty()) {
            new DueKeys(session, realm)
                    .each("k.remindedAt is null", now, now.plus(policy.reminder()), Reminders::remind);
        }
    }

    /** An e-mail that cannot be sent leaves the key to be reminded of again. */
    private static void remind(
            KeycloakSession session, RealmModel realm, UserModel holder, ApiKeyCredentialModel key, KeyRecord record) {
        if (record.getRemindedAt() != null) {
            return;
        }
        record.setRemindedAt(System.currentTimeMillis());
        KeyPolicy policy = key.policy().orElse(null);
        if (policy == null || !policy.enabled() || !holder.isEnabled() || holder.getEmail() == null) {
            LOG.debugf("Nobody is reminded of API key %s", key.getId());
            return;
        }
        Map<String, Object> attributes = new HashMap<>();
        // There is no request that could have a header.
        attributes.put(Constants.IGNORE_ACCEPT_LANGUAGE_HEADER, true);
        attributes.put("keyName", key.name());
        attributes.put("keyHint", policy.hint());
        attributes.put(
                "expiryDate",
                DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                        .withLocale(session.getContext().resolveLocale(holder, true))
                        .withZone(ZoneOffset.UTC)
                        .format(policy.expiresAt()));
        try {
            session.getProvider(EmailTemplateProvider.class)
                    .setRealm(realm)
                    .setUser(holder)
                    .send("apiKeyReminderSubject", List.of(key.name()), "api-key-reminder.ftl", attributes);
        } catch (EmailException notSent) {
            throw new ModelException("The reminder could not be sent", notSent);
        }
    }
}
