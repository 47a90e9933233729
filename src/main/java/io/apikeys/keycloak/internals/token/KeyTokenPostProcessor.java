package io.apikeys.keycloak.internals.token;

import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.session.KeySession;
import jakarta.ws.rs.core.Response.Status;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.cors.Cors;

/**
 * Checks every token response as a last resort: refuses tokens if the key of the session has ended, even if no event
 * reported it, if the key does not allow the client, or if the tokens contain more than the key allows.
 */
record KeyTokenPostProcessor(KeycloakSession session) implements TokenPostProcessor {

    private static final Logger LOG = Logger.getLogger(KeyTokenPostProcessor.class);

    @Override
    public void process(TokenPostProcessorContext context) {
        AuthenticatedClientSessionModel clientSession =
                context.clientSessionCtx().getClientSession();
        UserSessionModel userSession = clientSession.getUserSession();
        Optional<ReadableKey> behind = context.clientSessionCtx() instanceof NarrowedContext ofKey
                ? Optional.of(ofKey.key())
                : KeyTokenManager.key(session, userSession);
        if (behind.isPresent()) {
            process(context, clientSession, behind.get());
        }
    }

    private void process(
            TokenPostProcessorContext context, AuthenticatedClientSessionModel clientSession, ReadableKey key) {
        UserSessionModel userSession = clientSession.getUserSession();
        Restrictions restrictions = key.restrictions(session, userSession.getRealm());
        if (!restrictions.allowsClient(clientSession.getClient().getClientId())) {
            throw refuse(userSession, OAuthErrorException.UNAUTHORIZED_CLIENT, "The API key is not for this client");
        }
        if (isMadeElsewhere(context.accessToken())
                && (!restrictions.isNone() || KeyTokenManager.outlives(context.accessToken(), key))) {
            throw refuse(
                    userSession,
                    OAuthErrorException.UNAUTHORIZED_CLIENT,
                    "The API key allows tokens only from the token endpoint");
        }
        if (context.accessToken() != null) {
            KeyTokenManager.bind(context.accessToken(), key);
        }
        if (context.refreshToken() != null) {
            KeyTokenManager.bind(context.refreshToken(), key);
        }
    }

    /**
     * Returns whether {@link KeyTokenManager} did not create a token: one of the implicit or hybrid flow, or of another
     * extension's grant. It may have more scopes than the key allows, and its ID token expires when it does.
     *
     * @param token null if none was requested
     */
    private static boolean isMadeElsewhere(@Nullable AccessToken token) {
        return token != null && !KeySession.isOfKey(token);
    }

    private static CorsErrorResponseException refuse(UserSessionModel userSession, String error, String description) {
        LOG.debugf("No tokens on session %s: %s", userSession.getId(), description);
        return new CorsErrorResponseException(Cors.builder(), error, description, Status.BAD_REQUEST);
    }
}
