package io.apikeys.keycloak.internals.token;

import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.internals.session.EndedKeys;
import io.apikeys.keycloak.session.KeySession;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.ClientConnection;
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
import org.keycloak.representations.RefreshToken;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.cors.Cors;

/**
 * Creates tokens, and the responses of userinfo and introspection, as Keycloak does, except in key sessions: there they
 * contain only what the key allows, expire no later than the key, and name it.
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

    /**
     * Refuses a refresh token that was issued with a key other than the session's current one: the token of an earlier
     * login in the same session, or an offline token that joined an offline session without a key.
     */
    @Override
    public TokenValidation validateToken(
            KeycloakSession session,
            UriInfo uri,
            ClientConnection connection,
            RealmModel realm,
            RefreshToken token,
            HttpHeaders headers,
            String scope)
            throws OAuthErrorException {
        TokenValidation validation = super.validateToken(session, uri, connection, realm, token, headers, scope);
        Optional<String> ofToken = KeySession.keyId(token);
        if (ofToken.isPresent() && !ofToken.equals(KeySession.keyId(session, validation.userSession))) {
            throw new OAuthErrorException(
                    OAuthErrorException.INVALID_GRANT, "The session has another API key than the token");
        }
        return validation;
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
        ClientSessionContext narrowed = narrow(session, userSession, context);
        IDToken transformed = super.transformIDToken(session, token, userSession, narrowed);
        if (narrowed instanceof NarrowedContext ofKey) {
            bind(transformed, ofKey.key());
        }
        return transformed;
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
        Optional<ReadableKey> key = keyOf(bearer, session, userSession);
        AccessToken answer = super.transformIntrospectionAccessToken(
                session, bearer, token, userSession, narrow(session, context, key));
        key.ifPresent(behind -> bind(answer, behind));
        return answer;
    }

    /**
     * Returns a context restricted to what the session's key, if any, allows.
     *
     * @throws CorsErrorResponseException if the key has ended or is not that of the client's login
     */
    public static ClientSessionContext narrow(
            KeycloakSession session, UserSessionModel userSession, ClientSessionContext context) {
        if (context instanceof NarrowedContext) {
            return context;
        }
        Optional<ReadableKey> key = key(session, userSession);
        if (key.isPresent()
                && KeySession.isOfAnotherKey(
                        context.getClientSession(), key.get().id())) {
            throw new CorsErrorResponseException(
                    Cors.builder(),
                    OAuthErrorException.INVALID_GRANT,
                    "The session has another API key than the client's login",
                    Status.BAD_REQUEST);
        }
        return narrow(session, context, key);
    }

    /**
     * Returns the key of a session; empty if it has none.
     *
     * @throws CorsErrorResponseException if the key has ended, or does not allow the offline session
     */
    static Optional<ReadableKey> key(KeycloakSession session, UserSessionModel userSession) {
        Optional<ReadableKey> key = KeySession.keyId(session, userSession)
                .map(id -> KeySession.usableKey(session, userSession.getRealm(), userSession.getUser(), id)
                        .orElseThrow(() -> sessionEnded(session, userSession)));
        if (userSession.isOffline()
                && !key.map(of -> allowsOffline(session, userSession, of)).orElse(true)) {
            throw new CorsErrorResponseException(
                    Cors.builder(),
                    OAuthErrorException.INVALID_GRANT,
                    "Offline session not active",
                    Status.BAD_REQUEST);
        }
        return key;
    }

    private static boolean allowsOffline(KeycloakSession session, UserSessionModel userSession, ReadableKey key) {
        return key.restrictions(session, userSession.getRealm()).allowsScope(OAuth2Constants.OFFLINE_ACCESS);
    }

    /** Ends the user's sessions of ended keys, in case no event did, and returns the error for the client. */
    private static CorsErrorResponseException sessionEnded(KeycloakSession session, UserSessionModel userSession) {
        EndedKeys.endSessionsNow(
                session, userSession.getRealm().getId(), userSession.getUser().getId());
        return new CorsErrorResponseException(
                Cors.builder(), OAuthErrorException.INVALID_GRANT, "Session not active", Status.BAD_REQUEST);
    }

    /**
     * Returns the key of a token, or else of its session; empty if there is none.
     *
     * @throws CorsErrorResponseException if the key has ended, or was restricted after the token was issued
     */
    private static Optional<ReadableKey> keyOf(
            @Nullable AccessToken bearer, KeycloakSession session, UserSessionModel userSession) {
        return Optional.ofNullable(bearer)
                .flatMap(KeySession::keyId)
                .or(() -> KeySession.keyId(session, userSession))
                .map(id -> KeySession.usableKey(session, userSession.getRealm(), userSession.getUser(), id)
                        .filter(key -> bearer == null || !KeySession.isOutdated(bearer, userSession.getUser()))
                        .orElseThrow(() -> new CorsErrorResponseException(
                                Cors.builder(),
                                OAuthErrorException.INVALID_TOKEN,
                                "Session not active",
                                Status.UNAUTHORIZED)));
    }

    private static ClientSessionContext narrow(
            KeycloakSession session, ClientSessionContext context, Optional<ReadableKey> key) {
        return key.isEmpty() ? context : NarrowedContext.of(session, context, key.get());
    }

    /** Names the key in a token, and limits the token to the key's expiry. */
    static void bind(IDToken token, ReadableKey key) {
        token.setOtherClaims(KeySession.KEY_ID, key.id());
        endWith(token, key);
    }

    /** Limits a token to the key's expiry, even one without an expiry, as an offline token may be. */
    static void endWith(JsonWebToken token, ReadableKey key) {
        Instant end = key.data().expiresAt();
        if (end != null && outlives(token, end)) {
            token.exp(end.getEpochSecond());
        }
    }

    /** Returns whether a token would expire later than its key. */
    static boolean outlives(JsonWebToken token, ReadableKey key) {
        Instant end = key.data().expiresAt();
        return end != null && outlives(token, end);
    }

    private static boolean outlives(JsonWebToken token, Instant end) {
        return token.getExp() == null || token.getExp() == 0 || token.getExp() > end.getEpochSecond();
    }
}
