package io.apikeys.keycloak.internals.login;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.internals.session.SingleSignOn;
import io.apikeys.keycloak.session.KeySession;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.ws.rs.core.Response;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.authenticators.browser.CookieAuthenticator;
import org.keycloak.authentication.authenticators.browser.CookieAuthenticatorFactory;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;

/** Keycloak's single sign-on by cookie, restricted in a key session to what the key allows. */
public final class KeySessionCookieAuthenticatorFactory extends CookieAuthenticatorFactory {

    private static final Authenticator COOKIE = new CookieAuthenticator() {
        @Override
        public void authenticate(AuthenticationFlowContext context) {
            super.authenticate(context);
            UserSessionModel session = context.getSession().getContext().getUserSession();
            if (session != null) {
                SingleSignOn.carryOver(context.getSession(), session, context.getAuthenticationSession());
                KeySession.keyId(session).ifPresent(keyId -> goOn(context, session, keyId));
            }
        }

        private void goOn(AuthenticationFlowContext context, UserSessionModel session, String keyId) {
            InitiatedAction.refuseUnlessHarmless(context, keyId);
            if (!isFor(context, session)) {
                refuse(context, keyId, "apiKeyNotAllowedHere");
                return;
            }
            DemandedAction.forbidding(context, session.getUser(), keyId)
                    .ifPresent(action -> refuse(context, keyId, "apiKeyActionDemanded", action));
        }

        private boolean isFor(AuthenticationFlowContext context, UserSessionModel session) {
            return KeySession.key(context.getSession(), session)
                    .filter(key -> key.restrictions(context.getSession(), context.getRealm())
                            .allowsClient(context.getAuthenticationSession()
                                    .getClient()
                                    .getClientId()))
                    .isPresent();
        }

        private void refuse(AuthenticationFlowContext context, String keyId, String message, Object... parameters) {
            context.getEvent()
                    .user(context.getUser())
                    .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                    .detail(KeyEvents.KEY_ID, keyId)
                    .error(Errors.NOT_ALLOWED);
            context.forceChallenge(
                    context.form().setError(message, parameters).createErrorPage(Response.Status.FORBIDDEN));
        }
    };

    @Override
    public Authenticator create(KeycloakSession session) {
        return COOKIE;
    }

    @Override
    public int order() {
        return 10;
    }
}
