package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.upkeep.DueKeys.Due;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.HashMap;
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

/**
 * Reminds holders by e-mail of keys that are about to expire, once a key. Only at addresses that are known to be theirs, and
 * only of keys that were made long enough ago, so that nobody has Keycloak write to others, or at once.
 */
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
        if (RealmPolicy.enabled(realm)
                && policy.reminder() != null
                && !realm.getSmtpConfig().isEmpty()) {
            Duration before = policy.reminder();
            new DueKeys(session, realm).each("k.remindedAt is null", now, now.plus(before), due -> remind(due, before));
        }
    }

    /** An e-mail that cannot be sent leaves the key to be reminded of again. */
    private static void remind(Due due, Duration before) {
        due.record().filter(record -> record.getRemindedAt() == null).ifPresent(record -> {
            record.setRemindedAt(System.currentTimeMillis());
            due.key()
                    .data()
                    .filter(ApiKeyCredentialData::enabled)
                    .filter(data -> isReachable(due.holder()) && livesLongEnough(due.key(), data, before))
                    .ifPresentOrElse(
                            data -> send(
                                    due.session(),
                                    due.realm(),
                                    due.holder(),
                                    due.key().name(),
                                    data),
                            () -> LOG.debugf(
                                    "Nobody is reminded of API key %s",
                                    due.key().getId()));
        });
    }

    private static boolean isReachable(UserModel holder) {
        return holder.isEnabled() && holder.getEmail() != null && holder.isEmailVerified();
    }

    /** Whether the holder may have forgotten the key's end: the reminder comes in the second half of its life. */
    private static boolean livesLongEnough(ApiKeyCredentialModel key, ApiKeyCredentialData data, Duration before) {
        return data.expiresAt() != null
                && !key.createdAt().plus(before.multipliedBy(2)).isAfter(data.expiresAt());
    }

    private static void send(
            KeycloakSession session, RealmModel realm, UserModel holder, String keyName, ApiKeyCredentialData data) {
        Map<String, Object> attributes = new HashMap<>();
        // There is no request that could have a header.
        attributes.put(Constants.IGNORE_ACCEPT_LANGUAGE_HEADER, true);
        attributes.put("keyName", keyName);
        attributes.put("keyHint", data.hint());
        attributes.put(
                "expiryDate",
                DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                        .withLocale(session.getContext().resolveLocale(holder, true))
                        .withZone(ZoneOffset.UTC)
                        .format(data.expiresAt()));
        try {
            session.getProvider(EmailTemplateProvider.class)
                    .setRealm(realm)
                    .setUser(holder)
                    .send("apiKeyReminderSubject", "api-key-reminder.ftl", attributes);
        } catch (EmailException notSent) {
            throw new ModelException("The reminder could not be sent", notSent);
        }
    }
}
