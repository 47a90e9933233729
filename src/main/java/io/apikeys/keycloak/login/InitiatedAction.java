package io.apikeys.keycloak.login;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.RealmPolicy;
import io.apikeys.keycloak.session.KeySession;
import io.apikeys.keycloak.verify.KeyEvents;
import java.util.Set;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.RequiredActionContext.KcActionStatus;
import org.keycloak.authentication.requiredactions.TermsAndConditions;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventType;
import org.keycloak.models.Constants;
import org.keycloak.models.UserModel.RequiredAction;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The action that a program has asked for with the login ({@code kc_action}). Most of them change how a user signs in, which
 * a key must not; so of a login with a key, or of single sign-on in a session that a key has opened, only those are done
 * that are known not to. What Keycloak itself demands of the user is another matter.
 */
final class InitiatedAction {

    private static final Set<String> HARMLESS = Set.of(
            RequiredAction.UPDATE_PROFILE.name(),
            RequiredAction.VERIFY_PROFILE.name(),
            RequiredAction.VERIFY_EMAIL.name(),
            TermsAndConditions.PROVIDER_ID,
            "update_user_locale");

    private InitiatedAction() {}

    private static boolean isAllowed(String action, AuthenticationFlowContext context, String keyId) {
        return RealmPolicy.ACTION.equals(action)
                && KeySession.mayManageKeys(context.getRealm(), context.getUser(), keyId);
    }

    /** Drops it if it is not harmless; the program is told that it failed, and the login goes on. */
    static void refuseUnlessHarmless(AuthenticationFlowContext context, String keyId) {
        AuthenticationSessionModel login = context.getAuthenticationSession();
        String action = login.getClientNote(Constants.KC_ACTION);
        if (action == null || HARMLESS.contains(action) || isAllowed(action, context, keyId)) {
            return;
        }
        AuthenticationManager.setKcActionStatus(action, KcActionStatus.ERROR, login);
        context.getEvent()
                .clone()
                .event(EventType.UPDATE_CREDENTIAL)
                .user(context.getUser())
                .detail(Details.CUSTOM_REQUIRED_ACTION, action)
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(KeyEvents.KEY_ID, keyId)
                .error(Errors.NOT_ALLOWED);
    }
}
