package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.Restrictions;
import jakarta.ws.rs.core.Response.Status;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.cors.Cors;

/**
 * The backstop at every token response: none is given on a session whose key has ended, whatever the listener saw, none to
 * a client that the key is not for, and none that says more than the key lets through.
 */
record KeySessionTokens(KeycloakSession session) implements TokenPostProcessor {

    private static final Logger LOG = Logger.getLogger(KeySessionTokens.class);

    @Override
    public void process(TokenPostProcessorContext context) {
        AuthenticatedClientSessionModel clientSession =
                context.clientSessionCtx().getClientSession();
        UserSessionModel userSession = clientSession.getUserSession();
        Optional<ApiKeyCredentialModel> behind = context.clientSessionCtx() instanceof NarrowedContext ofKey
                ? Optional.of(ofKey.key())
                : KeyTokenManager.key(session, userSession);
        if (behind.isPresent()) {
            process(context, clientSession, behind.get());
        }
    }

    private static void process(
            TokenPostProcessorContext context,
            AuthenticatedClientSessionModel clientSession,
            ApiKeyCredentialModel key) {
        UserSessionModel userSession = clientSession.getUserSession();
        Restrictions restrictions = key.policy().orElseThrow().restrictions();
        if (!restrictions.allowsClient(clientSession.getClient().getClientId())) {
            throw refuse(userSession, OAuthErrorException.UNAUTHORIZED_CLIENT, "The API key is not for this client");
        }
        if (isWiderThan(restrictions, context)) {
            throw refuse(
                    userSession,
                    OAuthErrorException.UNAUTHORIZED_CLIENT,
                    "The API key only gives tokens at the token endpoint");
        }
        if (context.accessToken() != null) {
            KeyTokenManager.bind(context.accessToken(), key);
        }
        if (context.refreshToken() != null) {
            KeyTokenManager.endWith(context.refreshToken(), key);
        }
    }

    /**
     * Whether a key should have narrowed a token that {@link KeyTokenManager} has not made: that of the implicit or hybrid
     * flow, or of a grant that another extension brings.
     */
    private static boolean isWiderThan(Restrictions restrictions, TokenPostProcessorContext context) {
        return context.accessToken() != null
                && KeySession.keyId(context.accessToken()).isEmpty()
                && (!restrictions.isNone()
                        || context.clientSessionCtx().getRolesStream().anyMatch(AdminRoles::isAdminRole));
    }

    private static CorsErrorResponseException refuse(UserSessionModel userSession, String error, String description) {
        LOG.debugf("No tokens on session %s: %s", userSession.getId(), description);
        return new CorsErrorResponseException(Cors.builder(), error, description, Status.BAD_REQUEST);
    }
}
