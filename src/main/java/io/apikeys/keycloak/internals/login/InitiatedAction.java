package io.apikeys.keycloak.internals.login;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.policy.RealmPolicy;
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
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel.RequiredAction;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The action that a client requests with a login ({@code kc_action}). Most actions change how a user signs in, which a
 * key must not do, so a login with a key, or single sign-on in a key session, runs only actions known to be harmless.
 * {@link DemandedAction} handles the actions that Keycloak itself demands.
 */
public final class InitiatedAction {

    private static final Set<String> HARMLESS =
            Set.of(RequiredAction.VERIFY_EMAIL.name(), TermsAndConditions.PROVIDER_ID, "update_user_locale");

    private InitiatedAction() {}

    private static boolean isAllowed(String action, AuthenticationFlowContext context, String keyId) {
        RealmModel realm = context.getRealm();
        if (RealmPolicy.ACTION.equals(action)) {
            return KeySession.mayManageKeys(context.getSession(), realm, context.getUser(), keyId);
        }
        if (RealmPolicy.keySessionsManageCredentials(realm)) {
            return true;
        }
        return RequiredAction.UPDATE_PROFILE.name().equals(action)
                && KeySessionProfileRequiredActions.isOpenTo(context.getSession(), realm, context.getUser(), keyId);
    }

    /**
     * Cancels the requested action unless it is harmless; the client is told that it failed, and the login continues.
     */
    public static void refuseUnlessHarmless(AuthenticationFlowContext context, String keyId) {
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
