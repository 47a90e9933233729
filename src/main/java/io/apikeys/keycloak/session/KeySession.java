package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderKeys;
import java.time.Instant;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/** A user session that was opened with a key, and remembers which. */
public final class KeySession {

    /** The user session note that holds the credential id of the key. */
    private static final String KEY_ID = "api_key_id";

    private KeySession() {}

    /** Makes the session that this login will open remember the key. */
    public static void open(AuthenticationSessionModel login, String keyId) {
        login.setUserSessionNote(KEY_ID, keyId);
    }

    /** The id of the key that opened a session; nothing for one opened in another way. */
    public static Optional<String> keyId(UserSessionModel session) {
        return Optional.ofNullable(session.getNote(KEY_ID));
    }

    /** The key that opened a session; nothing for one opened in another way, or when the key is gone. */
    public static Optional<ApiKeyCredentialModel> key(KeycloakSession keycloak, UserSessionModel session) {
        return keyId(session).flatMap(id -> new HolderKeys(keycloak, session.getRealm(), session.getUser()).find(id));
    }

    /** Whether a session was opened with a key that is gone, disabled or expired now. */
    static boolean outlivesItsKey(KeycloakSession keycloak, UserSessionModel session) {
        Instant now = Instant.now();
        return keyId(session).isPresent()
                && key(keycloak, session).filter(key -> key.isUsable(now)).isEmpty();
    }
}
