package io.apikeys.keycloak.internals.rest;

import io.apikeys.keycloak.internals.rest.RecentTokens.IssuedToken;
import io.apikeys.keycloak.internals.token.KeyTokenExchange;
import io.apikeys.keycloak.internals.token.KeyTokenManager;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.OAuth2Constants;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.protocol.oidc.TokenExchangeContext;
import org.keycloak.protocol.oidc.utils.AuthorizeClientUtil;
import org.keycloak.protocol.oidc.utils.AuthorizeClientUtil.ClientAuthResult;
import org.keycloak.representations.AccessTokenResponse;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.TokenExchangeRequestContext;
import org.keycloak.services.cors.Cors;
import org.keycloak.services.util.DPoPUtil;

/**
 * The access token that a gateway forwards in place of a key, so that the services behind it see only Keycloak's
 * tokens. The gateway authenticates as a client with {@code Authorization: Basic} (RFC 6749, section 2.3.1) beside
 * {@code X-API-Key}; the token is issued by token exchange, under the same rules.
 */
public final class PhantomToken {

    private static final Logger LOG = Logger.getLogger(PhantomToken.class);

    private final KeycloakSession session;
    private final EventBuilder event;
    private final ClientAuthResult gateway;

    private PhantomToken(KeycloakSession session, EventBuilder event, ClientAuthResult gateway) {
        this.session = session;
        this.event = event;
        this.gateway = gateway;
    }

    /** Authenticates the gateway as a client; returns empty if that fails. */
    public static Optional<PhantomToken> forGateway(KeycloakSession session, EventBuilder event) {
        try {
            ClientAuthResult gateway = AuthorizeClientUtil.authorizeClient(session, event, null);
            event.client(gateway.getClient());
            return Optional.of(new PhantomToken(session, event, gateway));
        } catch (WebApplicationException refused) {
            LOG.debugf("A gateway could not authenticate: %s", refused.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Returns a token, issued now or a short time ago, and ends the event as a success or an error.
     *
     * @return empty if token exchange refuses
     */
    public Optional<String> issue(Valid valid) {
        MultivaluedHashMap<String, String> form = new MultivaluedHashMap<>();
        form.putSingle(OAuth2Constants.GRANT_TYPE, OAuth2Constants.TOKEN_EXCHANGE_GRANT_TYPE);
        TokenExchangeContext exchange = new TokenExchangeContext(
                session,
                form,
                Cors.builder(),
                session.getContext().getRealm(),
                event,
                gateway.getClient(),
                session.getContext().getConnection(),
                session.getContext().getHttpRequest().getHttpHeaders(),
                new KeyTokenManager(),
                gateway.getClientAuthAttributes());
        try {
            // The token endpoint does the same before token exchange.
            DPoPUtil.handleDPoPHeader(
                    session, event, Cors.builder(), OIDCAdvancedConfigWrapper.fromClientModel(gateway.getClient()));
            session.clientPolicy().triggerOnEvent(new TokenExchangeRequestContext(exchange));
            RecentTokens recent = new RecentTokens(session, valid.found(), gateway.getClient());
            Optional<IssuedToken> again = recent.find();
            if (again.isPresent()) {
                again.get().details().forEach(event::detail);
                event.success();
                return again.map(IssuedToken::text);
            }
            AccessTokenResponse answer = (AccessTokenResponse)
                    new KeyTokenExchange(valid).exchange(exchange).getEntity();
            recent.keep(IssuedToken.of(answer.getToken(), event.getEvent()));
            return Optional.of(answer.getToken());
        } catch (ClientPolicyException refused) {
            session.getTransactionManager().setRollbackOnly();
            event.detail(Details.REASON, Details.CLIENT_POLICY_ERROR)
                    .detail(Details.CLIENT_POLICY_ERROR_DETAIL, refused.getErrorDetail())
                    .error(refused.getError());
        } catch (WebApplicationException refused) {
            session.getTransactionManager().setRollbackOnly();
            LOG.debugf("No token for the gateway: %s", refused.getMessage());
        }
        return Optional.empty();
    }
}
