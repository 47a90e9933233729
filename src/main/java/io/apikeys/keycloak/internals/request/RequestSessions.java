package io.apikeys.keycloak.internals.request;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.UserSessionModel.SessionPersistenceState;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.managers.AuthenticationManager.AuthResult;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Finds the user session that a request, or the login in it, belongs to. */
public final class RequestSessions {

    private RequestSessions() {}

    /** Returns the session of the browser's identity cookie; empty if the cookie is missing or invalid. */
    public static Optional<UserSessionModel> ofIdentityCookie(KeycloakSession session, RealmModel realm) {
        AuthResult identity = AuthenticationManager.authenticateIdentityCookie(session, realm, true);
        return Optional.ofNullable(identity).map(AuthResult::session);
    }

    /** Returns the session that a login continues; empty if the login will open a new one. */
    public static Optional<UserSessionModel> continuedBy(KeycloakSession session, AuthenticationSessionModel login) {
        return Optional.ofNullable(new AuthenticationSessionManager(session).getUserSession(login));
    }

    /** Returns the user of a token that has no session, if there is such a user. */
    public static @Nullable UserModel userOfStatelessToken(
            KeycloakSession session, RealmModel realm, AccessToken token) {
        return TokenManager.lookupUserFromStatelessToken(session, realm, token);
    }

    /**
     * Returns when the user of a session last signed in, regardless of the age of the token. Keycloak notes the time at
     * a login; a session of the password grant starts with the password. Empty for offline sessions, and for sessions
     * without a sign-in: transient ones, and those opened by a token exchange.
     */
    public static Optional<Instant> signedInAt(UserSessionModel session) {
        if (session.isOffline() || session.getPersistenceState() == SessionPersistenceState.TRANSIENT) {
            return Optional.empty();
        }
        String noted = session.getNote(AuthenticationManager.AUTH_TIME);
        if (noted != null) {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(noted)));
        }
        boolean bySingleSignOn = session.getAuthenticatedClientSessions().values().stream()
                .anyMatch(client -> client.getNote(AuthenticationManager.SSO_AUTH) != null);
        return OIDCLoginProtocol.LOGIN_PROTOCOL.equals(session.getAuthMethod()) && !bySingleSignOn
                ? Optional.of(Instant.ofEpochSecond(session.getStarted()))
                : Optional.empty();
    }
}
