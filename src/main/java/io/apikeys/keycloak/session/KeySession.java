package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderKeys;
import io.apikeys.keycloak.credential.HolderOrganizations;
import io.apikeys.keycloak.credential.RealmPolicy;
import io.apikeys.keycloak.verify.KeyEvents;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.UserSessionModel.SessionPersistenceState;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.JsonWebToken;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * A user session that was opened with a key, and remembers which: in a note, and in every access token. Keycloak keeps no
 * transient session; for each use of its tokens it makes a new one, whose key only the token can tell.
 */
public final class KeySession {

    /** The user session note, and the claim of access tokens, that hold the credential id of the key. */
    static final String KEY_ID = KeyEvents.KEY_ID;

    private static final String BASE_URI = "api_key_base_uri";

    private static final Logger LOG = Logger.getLogger(KeySession.class);

    private KeySession() {}

    /** Makes the session that this login will open remember the key. */
    public static void open(KeycloakSession keycloak, AuthenticationSessionModel login, String keyId) {
        notes(keycloak, keyId).forEach(login::setUserSessionNote);
    }

    /** The same for a session that is open. */
    static void open(KeycloakSession keycloak, UserSessionModel session, String keyId) {
        notes(keycloak, keyId).forEach(session::setNote);
    }

    private static Map<String, String> notes(KeycloakSession keycloak, String keyId) {
        return Map.of(
                KEY_ID,
                keyId,
                BASE_URI,
                keycloak.getContext().getUri().getBaseUri().toString());
    }

    /** The address at which this server was reached when a session was opened with a key. */
    static Optional<URI> baseUri(UserSessionModel session) {
        return Optional.ofNullable(session.getNote(BASE_URI)).map(URI::create);
    }

    /** The id of the key by which a login is, now or in the session that it goes on with. */
    public static Optional<String> keyId(KeycloakSession keycloak, AuthenticationSessionModel login) {
        UserSessionModel session = new AuthenticationSessionManager(keycloak).getUserSession(login);
        return Optional.ofNullable(login.getUserSessionNotes().get(KEY_ID))
                .or(() -> session == null ? Optional.empty() : keyId(session));
    }

    /**
     * Whether a session that was opened with this key may make and change keys: where the realm's policy says so, and only
     * with a key that is not narrowed, because what it makes would not be either.
     */
    public static boolean mayManageKeys(RealmModel realm, UserModel holder, String keyId) {
        return RealmPolicy.of(realm).keySessionsManageKeys()
                && HolderKeys.find(holder, keyId)
                        .flatMap(ApiKeyCredentialModel::policy)
                        .filter(policy -> policy.restrictions().isNone())
                        .isPresent();
    }

    /** The id of the key that opened a session which Keycloak keeps; nothing for one opened in another way. */
    public static Optional<String> keyId(UserSessionModel session) {
        return Optional.ofNullable(session.getNote(KEY_ID));
    }

    /** The id of the key behind a session, which may have been made for the token that this request came with. */
    public static Optional<String> keyId(KeycloakSession keycloak, UserSessionModel session) {
        Optional<String> noted = keyId(session);
        return noted.isEmpty()
                        && session.getPersistenceState() == SessionPersistenceState.TRANSIENT
                        && keycloak.getContext().getBearerToken() instanceof JsonWebToken token
                ? keyId(token)
                : noted;
    }

    /** The id of the key that a token was issued on. */
    public static Optional<String> keyId(JsonWebToken token) {
        return Optional.ofNullable(token.getOtherClaims().get(KEY_ID)).map(Object::toString);
    }

    /** What a token says, without asking who signed it; nothing if it is no JWT. */
    public static Optional<AccessToken> unverified(String token) {
        try {
            return Optional.of(new JWSInput(token).readJsonContent(AccessToken.class));
        } catch (JWSInputException notAToken) {
            LOG.trace("Not a token; who takes it in the end decides what that means");
            return Optional.empty();
        }
    }

    /** The key that opened a session; nothing for one opened in another way, or when the key is gone. */
    public static Optional<ApiKeyCredentialModel> key(KeycloakSession keycloak, UserSessionModel session) {
        return keyId(keycloak, session).flatMap(id -> HolderKeys.find(session.getUser(), id));
    }

    /** Whether a session was opened with a key that is gone, disabled or expired now. */
    static boolean outlivesItsKey(KeycloakSession keycloak, UserSessionModel session) {
        return keyId(keycloak, session)
                .filter(id -> usableKey(keycloak, session.getUser(), id).isEmpty())
                .isPresent();
    }

    /** The key with this id, if this user holds it, it has not ended, and the holder is in the organization it is for. */
    public static Optional<ApiKeyCredentialModel> usableKey(KeycloakSession keycloak, UserModel holder, String keyId) {
        Instant now = Instant.now();
        return HolderKeys.find(holder, keyId)
                .filter(key -> key.isUsable(now))
                .filter(key -> new HolderOrganizations(keycloak, holder).allow(key));
    }
}
