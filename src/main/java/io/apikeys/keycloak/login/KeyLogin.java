package io.apikeys.keycloak.login;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.internals.login.InitiatedAction;
import io.apikeys.keycloak.session.KeySession;
import io.apikeys.keycloak.verify.KeyEvents;
import io.apikeys.keycloak.verify.Verification.Valid;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.authenticators.browser.AbstractUsernameFormAuthenticator;

/** Signs a user in with a verified key, in any flow. */
final class KeyLogin {

    private KeyLogin() {}

    static void signIn(AuthenticationFlowContext context, Valid valid) {
        context.setUser(valid.holder());
        // A username entered before "Try another way" may not be that of the key's holder.
        context.getAuthenticationSession()
                .setAuthNote(
                        AbstractUsernameFormAuthenticator.ATTEMPTED_USERNAME,
                        valid.holder().getUsername());
        KeySession.open(
                context.getSession(),
                context.getAuthenticationSession(),
                valid.key().id());
        KeyEvents.describe(context.getEvent(), valid);
        InitiatedAction.refuseUnlessHarmless(context, valid.key().id());
        context.success(ApiKeyCredentialModel.TYPE);
    }
}
