package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.KeyPolicy;
import jakarta.ws.rs.core.Response.Status;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;
import org.keycloak.representations.JsonWebToken;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.cors.Cors;

/**
 * The backstop at every token response: none is given on a session whose key has ended, whatever the listener saw, and
 * its tokens end no later than the key.
 */
record KeySessionTokens(KeycloakSession session) implements TokenPostProcessor {

    private static final Logger LOG = Logger.getLogger(KeySessionTokens.class);

    @Override
    public void process(TokenPostProcessorContext context) {
        UserSessionModel userSession =
                context.clientSessionCtx().getClientSession().getUserSession();
        if (KeySession.keyId(userSession).isEmpty()) {
            return;
        }
        if (KeySession.outlivesItsKey(session, userSession)) {
            LOG.debugf("No tokens on session %s: its API key has ended", userSession.getId());
            EndedKeys.endSessionsNow(
                    session,
                    userSession.getRealm().getId(),
                    userSession.getUser().getId());
            throw new CorsErrorResponseException(
                    Cors.builder(), OAuthErrorException.INVALID_GRANT, "Session not active", Status.BAD_REQUEST);
        }
        KeySession.key(session, userSession)
                .flatMap(ApiKeyCredentialModel::policy)
                .map(KeyPolicy::expiresAt)
                .ifPresent(end -> {
                    endBy(end, context.accessToken());
                    endBy(end, context.refreshToken());
                });
    }

    /** Also a token that would never end, as an offline token may. */
    private static void endBy(Instant end, JsonWebToken token) {
        if (token != null && (token.getExp() == null || token.getExp() == 0 || token.getExp() > end.getEpochSecond())) {
            token.exp(end.getEpochSecond());
        }
    }
}
