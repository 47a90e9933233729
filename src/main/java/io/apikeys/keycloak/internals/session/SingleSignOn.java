package io.apikeys.keycloak.internals.session;

import io.apikeys.keycloak.session.KeySession;
import java.util.List;
import java.util.stream.Stream;
import org.keycloak.models.ImpersonationSessionNote;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * A login that continues the session of a cookie. Keycloak looks that session up by the id of the login's root, which
 * differs if the cookie was brought to a fresh login; after one more page, it then opens a new session, which must keep
 * the key, the impersonator and the login time of the old one.
 */
public final class SingleSignOn {

    private static final List<String> NOTES = Stream.concat(
                    Stream.of(AuthenticationManager.AUTH_TIME),
                    Stream.of(ImpersonationSessionNote.values()).map(ImpersonationSessionNote::toString))
            .toList();

    private SingleSignOn() {}

    /** Copies the key, the impersonator and the login time of a session to a login. */
    public static void carryOver(KeycloakSession keycloak, UserSessionModel session, AuthenticationSessionModel login) {
        KeySession.keyId(session).ifPresent(keyId -> KeySession.open(keycloak, login, keyId));
        if (session.getId().equals(login.getParentSession().getId())) {
            return;
        }
        for (String note : NOTES) {
            if (session.getNote(note) != null) {
                login.setUserSessionNote(note, session.getNote(note));
            }
        }
    }
}
