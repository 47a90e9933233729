package io.apikeys.keycloak.mail;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.HashMap;
import java.util.Map;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** An e-mail to the holder of keys, in the holder's language. To be sent outside of a request and without locks. */
public record HolderMail(KeycloakSession session, RealmModel realm, UserModel holder) {

    /** Returns whether the holder gets e-mail: only at a verified address, so that nobody has Keycloak write to others. */
    public boolean isPossible() {
        return !realm.getSmtpConfig().isEmpty()
                && holder.isEnabled()
                && holder.getEmail() != null
                && holder.isEmailVerified();
    }

    /**
     * Sends the e-mail and waits until the mail server has taken it.
     *
     * @param subject a key of the messages
     * @param template the file name of the templates
     * @param content the values for the templates
     * @throws EmailException if the mail server does not take it
     */
    public void send(String subject, String template, Map<String, Object> content) throws EmailException {
        Map<String, Object> attributes = new HashMap<>(content);
        // There is no request that could have a header.
        attributes.put(Constants.IGNORE_ACCEPT_LANGUAGE_HEADER, true);
        session.getProvider(EmailTemplateProvider.class)
                .setRealm(realm)
                .setUser(holder)
                .send(subject, template, attributes);
    }

    /** Returns a time with its zone, as the holder's language writes it. */
    public String time(Instant time) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                        .withLocale(session.getContext().resolveLocale(holder, true))
                        .withZone(ZoneId.of("UTC"))
                        .format(time)
                + " UTC";
    }
}
