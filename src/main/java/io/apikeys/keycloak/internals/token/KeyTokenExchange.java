package io.apikeys.keycloak.internals.token;

import io.apikeys.keycloak.session.KeySession;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.models.ClientModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.UserSessionModel.SessionPersistenceState;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.protocol.oidc.TokenExchangeContext;
import org.keycloak.protocol.oidc.tokenexchange.StandardTokenExchangeProvider;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.managers.UserSessionManager;
import org.keycloak.services.util.MtlsHoKTokenUtil;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.sessions.RootAuthenticationSessionModel;

/**
 * Issues tokens for a verified key under the rules of Keycloak's standard token exchange: opens a session with the key
 * and exchanges it like the session of a subject token. The session is transient, and therefore never stored, unless a
 * refresh token is requested.
 */
public final class KeyTokenExchange extends StandardTokenExchangeProvider {

    private final Valid valid;

    public KeyTokenExchange(Valid valid) {
        this.valid = valid;
    }

    @Override
    protected Response tokenExchange() {
        UserModel holder = valid.holder();
        event.user(holder).detail(Details.USERNAME, holder.getUsername());
        refuseUnlessEnabled();
        refuseUnboundToken();
        UserSessionModel userSession = open(holder);
        try {
            return exchangeClientToClient(holder, userSession, null, false);
        } catch (RuntimeException refused) {
            // An error response alone does not roll back, and a refused use of the key must not count.
            session.getTransactionManager().setRollbackOnly();
            session.sessions().removeUserSession(realm, userSession);
            throw refused;
        }
    }

    private UserSessionModel open(UserModel holder) {
        boolean kept = OAuth2Constants.REFRESH_TOKEN_TYPE.equals(getRequestedTokenType());
        UserSessionModel userSession = new UserSessionManager(session)
                .createUserSession(
                        KeycloakModelUtils.generateId(),
                        realm,
                        holder,
                        holder.getUsername(),
                        clientConnection.getRemoteHost(),
                        "api-key",
                        false,
                        null,
                        null,
                        kept ? SessionPersistenceState.PERSISTENT : SessionPersistenceState.TRANSIENT);
        KeySession.open(session, userSession, valid.key().id());
        // Otherwise Keycloak would search the database, which cannot contain a new session's client session.
        session.sessions().createClientSession(realm, client, userSession);
        if (kept) {
            event.session(userSession);
        }
        return userSession;
    }

    /**
     * Refuses a client without standard token exchange, as Keycloak does for a token
     * ({@link StandardTokenExchangeProvider#supports}).
     */
    private void refuseUnlessEnabled() {
        if (!OIDCAdvancedConfigWrapper.fromClientModel(client).isStandardTokenExchangeEnabled()) {
            String message = "Standard token exchange is not enabled for the requested client";
            event.detail(Details.REASON, message);
            event.error(Errors.NOT_ALLOWED);
            throw refuse(OAuthErrorException.UNAUTHORIZED_CLIENT, message);
        }
    }

    /**
     * Refuses an unbound token to a client whose tokens are bound to its certificate (RFC 8705), as other grants do
     * ({@code OAuth2GrantTypeBase}).
     */
    private void refuseUnboundToken() {
        if (OIDCAdvancedConfigWrapper.fromClientModel(client).isUseMtlsHokToken()
                && MtlsHoKTokenUtil.bindTokenWithClientCertificate(
                                session.getContext().getHttpRequest(), session)
                        == null) {
            String message = "Client Certification missing for MTLS HoK Token Binding";
            event.detail(Details.REASON, message);
            event.error(Errors.INVALID_REQUEST);
            throw refuse(OAuthErrorException.INVALID_REQUEST, message);
        }
    }

    /**
     * Refuses a holder with pending required actions, as the password grant does: the user is not present to complete
     * them.
     */
    @Override
    protected AuthenticationSessionModel createSessionModel(
            UserSessionModel userSession,
            RootAuthenticationSessionModel root,
            UserModel holder,
            ClientModel forClient,
            String scope) {
        AuthenticationSessionModel login = super.createSessionModel(userSession, root, holder, forClient, scope);
        AuthenticationManager.evaluateRequiredActionTriggers(
                session, login, session.getContext().getHttpRequest(), event, realm, holder);
        if (holder.getRequiredActionsStream().findAny().isPresent()
                || !login.getRequiredActions().isEmpty()) {
            session.authenticationSessions().removeRootAuthenticationSession(realm, root);
            String message = "Account is not fully set up";
            event.detail(Details.REASON, message);
            event.error(Errors.RESOLVE_REQUIRED_ACTIONS);
            throw refuse(OAuthErrorException.INVALID_GRANT, message);
        }
        return login;
    }

    private CorsErrorResponseException refuse(String error, String message) {
        return new CorsErrorResponseException(cors, error, message, Status.BAD_REQUEST);
    }

    /** Returns false: a door creates this for one exchange; Keycloak never selects it. */
    @Override
    public boolean supports(TokenExchangeContext context) {
        return false;
    }
}
