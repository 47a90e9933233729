package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.session.KeyTokenExchange;
import io.apikeys.keycloak.session.KeyTokenManager;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
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
 * The access token that a gateway passes on in place of a key, so that what is behind it sees only Keycloak's tokens. The
 * gateway says which client it is by {@code Authorization: Basic} (RFC 6749, section 2.3.1) beside {@code X-API-Key}; the
 * token is one by token exchange, under the same rules.
 */
final class PhantomToken {

    private static final Logger LOG = Logger.getLogger(PhantomToken.class);

    private static final Pattern BASIC = Pattern.compile("(?is)\\s*basic(\\s.*)?");

    private final KeycloakSession session;
    private final EventBuilder event;
    private final ClientAuthResult gateway;

    private PhantomToken(KeycloakSession session, EventBuilder event, ClientAuthResult gateway) {
        this.session = session;
        this.event = event;
        this.gateway = gateway;
    }

    /** Whether the gateway says which client it is; otherwise {@code Authorization} is the key's, or nobody's. */
    static boolean isAskedFor(HttpHeaders headers) {
        List<String> authorization = headers.getRequestHeader(HttpHeaders.AUTHORIZATION);
        return headers.getHeaderString(PresentedKey.HEADER) != null
                && authorization != null
                && authorization.stream().anyMatch(value -> BASIC.matcher(value).matches());
    }

    /** Authenticates the gateway; nothing if it is not the client that it says it is. */
    static Optional<PhantomToken> forGateway(KeycloakSession session, EventBuilder event) {
        try {
            ClientAuthResult gateway = AuthorizeClientUtil.authorizeClient(session, event, null);
            event.client(gateway.getClient());
            return Optional.of(new PhantomToken(session, event, gateway));
        } catch (WebApplicationException refused) {
            LOG.debugf("A gateway could not authenticate: %s", refused.getMessage());
            return Optional.empty();
        }
    }

    /** Ends the event, as a success or as an error. Nothing if token exchange refuses. */
    Optional<String> issue(Valid valid) {
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
            // As the token endpoint does before it comes to token exchange.
            DPoPUtil.handleDPoPHeader(
                    session, event, Cors.builder(), OIDCAdvancedConfigWrapper.fromClientModel(gateway.getClient()));
            session.clientPolicy().triggerOnEvent(new TokenExchangeRequestContext(exchange));
            Object answer = new KeyTokenExchange(valid).exchange(exchange).getEntity();
            return Optional.of(((AccessTokenResponse) answer).getToken());
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
