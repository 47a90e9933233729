package io.apikeys.keycloak.session;

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
 * Gives a client tokens for a verified key, under the rules of Keycloak's standard token exchange: a session is opened
 * with the key, and exchanged like one that a token stands for. A transient session, which is written nowhere, unless a
 * refresh token is asked for.
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
            // Keycloak's answer alone does not roll back, and this use of the key is not to be counted.
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
        KeySession.open(session, userSession, valid.key().getId());
        // Keycloak would look for it in the database, where that of a new session cannot be.
        session.sessions().createClientSession(realm, client, userSession);
        if (kept) {
            event.session(userSession);
        }
        return userSession;
    }

    /** As Keycloak does before it comes here with a token ({@link StandardTokenExchangeProvider#supports}). */
    private void refuseUnlessEnabled() {
        if (!OIDCAdvancedConfigWrapper.fromClientModel(client).isStandardTokenExchangeEnabled()) {
            String message = "Standard token exchange is not enabled for the requested client";
            event.detail(Details.REASON, message);
            event.error(Errors.NOT_ALLOWED);
            throw refuse(OAuthErrorException.UNAUTHORIZED_CLIENT, message);
        }
    }

    /** For a client whose tokens are bound to its certificate (RFC 8705), as other grants do ({@code OAuth2GrantTypeBase}). */
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

    /** Where a login would stop for required actions, and the password grant refuses: nobody is here to do them. */
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

    /** Not found by Keycloak, but made for one exchange by a door. */
    @Override
    public boolean supports(TokenExchangeContext context) {
        return false;
    }
}
