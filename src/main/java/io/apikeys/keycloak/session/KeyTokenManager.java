package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.KeyPolicy;
import jakarta.ws.rs.core.Response.Status;
import java.time.Instant;
import java.util.Optional;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.AccessTokenResponse;
import org.keycloak.representations.IDToken;
import org.keycloak.representations.JsonWebToken;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.cors.Cors;

/**
 * Makes tokens and what stands for them (userinfo, introspection) as Keycloak does, except in sessions that a key has
 * opened: there with what the key lets through, ending no later than the key, and naming it.
 */
public final class KeyTokenManager extends TokenManager {

    @Override
    public AccessToken createClientAccessToken(
            KeycloakSession session,
            RealmModel realm,
            ClientModel client,
            UserModel user,
            UserSessionModel userSession,
            ClientSessionContext context,
            boolean offline) {
        ClientSessionContext narrowed = narrow(session, userSession, context);
        boolean keptOffline = offline && (userSession.isOffline() || narrowed.isOfflineTokenRequested());
        AccessToken token =
                super.createClientAccessToken(session, realm, client, user, userSession, narrowed, keptOffline);
        if (narrowed instanceof NarrowedContext ofKey) {
            bind(token, ofKey.key());
        }
        return token;
    }

    @Override
    public AccessTokenResponseBuilder responseBuilder(
            RealmModel realm,
            ClientModel client,
            EventBuilder event,
            KeycloakSession session,
            UserSessionModel userSession,
            ClientSessionContext context) {
        return super.responseBuilder(realm, client, event, session, userSession, narrow(session, userSession, context));
    }

    @Override
    public IDToken transformIDToken(
            KeycloakSession session, IDToken token, UserSessionModel userSession, ClientSessionContext context) {
        return super.transformIDToken(session, token, userSession, narrow(session, userSession, context));
    }

    @Override
    public AccessTokenResponse transformAccessTokenResponse(
            KeycloakSession session,
            AccessTokenResponse response,
            UserSessionModel userSession,
            ClientSessionContext context) {
        return super.transformAccessTokenResponse(
                session, response, userSession, narrow(session, userSession, context));
    }

    @Override
    public AccessToken transformUserInfoAccessToken(
            KeycloakSession session,
            AccessToken bearer,
            AccessToken userInfo,
            UserSessionModel userSession,
            ClientSessionContext context) {
        return super.transformUserInfoAccessToken(
                session, bearer, userInfo, userSession, narrow(session, context, keyOf(bearer, session, userSession)));
    }

    @Override
    public AccessToken transformIntrospectionAccessToken(
            KeycloakSession session,
            AccessToken bearer,
            AccessToken token,
            UserSessionModel userSession,
            ClientSessionContext context) {
        Optional<ApiKeyCredentialModel> key = keyOf(bearer, session, userSession);
        AccessToken answer = super.transformIntrospectionAccessToken(
                session, bearer, token, userSession, narrow(session, context, key));
        key.ifPresent(behind -> bind(answer, behind));
        return answer;
    }

    /** What a client gets of its user in a session, which a key may have opened. */
    public static ClientSessionContext narrow(
            KeycloakSession session, UserSessionModel userSession, ClientSessionContext context) {
        return context instanceof NarrowedContext ? context : narrow(session, context, key(session, userSession));
    }

    /**
     * The key behind a session that is to give tokens.
     *
     * @throws CorsErrorResponseException if there was a key and it has ended
     */
    static Optional<ApiKeyCredentialModel> key(KeycloakSession session, UserSessionModel userSession) {
        Optional<ApiKeyCredentialModel> key = KeySession.keyId(session, userSession)
                .map(id -> KeySession.usableKey(session, userSession.getUser(), id)
                        .orElseThrow(() -> sessionEnded(session, userSession)));
        if (userSession.isOffline() && !key.map(KeyTokenManager::allowsOffline).orElse(true)) {
            throw new CorsErrorResponseException(
                    Cors.builder(),
                    OAuthErrorException.INVALID_GRANT,
                    "Offline session not active",
                    Status.BAD_REQUEST);
        }
        return key;
    }

    private static boolean allowsOffline(ApiKeyCredentialModel key) {
        return key.policy().orElseThrow().restrictions().allowsScope(OAuth2Constants.OFFLINE_ACCESS);
    }

    /** Also ends the session, in case nobody has heard of the end of its key. */
    private static CorsErrorResponseException sessionEnded(KeycloakSession session, UserSessionModel userSession) {
        EndedKeys.endSessionsNow(
                session, userSession.getRealm().getId(), userSession.getUser().getId());
        return new CorsErrorResponseException(
                Cors.builder(), OAuthErrorException.INVALID_GRANT, "Session not active", Status.BAD_REQUEST);
    }

    /**
     * The key behind a token that somebody uses, or behind its session.
     *
     * @param bearer null if it is not known
     * @throws CorsErrorResponseException if there was a key and it has ended
     */
    private static Optional<ApiKeyCredentialModel> keyOf(
            AccessToken bearer, KeycloakSession session, UserSessionModel userSession) {
        return Optional.ofNullable(bearer)
                .flatMap(KeySession::keyId)
                .or(() -> KeySession.keyId(session, userSession))
                .map(id -> KeySession.usableKey(session, userSession.getUser(), id)
                        .orElseThrow(() -> new CorsErrorResponseException(
                                Cors.builder(),
                                OAuthErrorException.INVALID_TOKEN,
                                "Session not active",
                                Status.UNAUTHORIZED)));
    }

    private static ClientSessionContext narrow(
            KeycloakSession session, ClientSessionContext context, Optional<ApiKeyCredentialModel> key) {
        return key.isEmpty() ? context : new NarrowedContext(session, context, key.get());
    }

    /** Ties a token to a key. */
    static void bind(AccessToken token, ApiKeyCredentialModel key) {
        token.setOtherClaims(KeySession.KEY_ID, key.getId());
        endWith(token, key);
    }

    /** Also a token that would never end, as an offline token may. */
    static void endWith(JsonWebToken token, ApiKeyCredentialModel key) {
        Instant end = key.policy().map(KeyPolicy::expiresAt).orElse(null);
        if (end != null && (token.getExp() == null || token.getExp() == 0 || token.getExp() > end.getEpochSecond())) {
            token.exp(end.getEpochSecond());
        }
    }
}
