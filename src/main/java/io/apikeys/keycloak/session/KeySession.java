package io.apikeys.keycloak.session;

import java.util.Optional;
import org.keycloak.models.UserSessionModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/** A user session that was opened with a key, and remembers which. */
public final class KeySession {

    /** The user session note that holds the credential id of the key, and the name of the same detail in events. */
    public static final String KEY_ID = "api_key_id";

    private KeySession() {}

    /** Makes the session that this login will open remember the key. */
    public static void open(AuthenticationSessionModel login, String keyId) {
        login.setUserSessionNote(KEY_ID, keyId);
    }

    /** The id of the key that opened a session; nothing for one opened in another way. */
    public static Optional<String> keyId(UserSessionModel session) {
        return Optional.ofNullable(session.getNote(KEY_ID));
    }
}
