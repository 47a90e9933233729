package io.apikeys.keycloak.login;

import io.apikeys.keycloak.session.KeySession;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.authenticators.browser.CookieAuthenticator;
import org.keycloak.authentication.authenticators.browser.CookieAuthenticatorFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;

/** Keycloak's single sign-on by cookie, without {@link InitiatedAction}s in a session that a key has opened. */
public final class KeySessionCookie extends CookieAuthenticatorFactory {

    private static final Authenticator COOKIE = new CookieAuthenticator() {
        @Override
        public void authenticate(AuthenticationFlowContext context) {
            super.authenticate(context);
            UserSessionModel session = context.getSession().getContext().getUserSession();
            if (session != null) {
                KeySession.keyId(session).ifPresent(keyId -> InitiatedAction.refuseUnlessHarmless(context, keyId));
            }
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
