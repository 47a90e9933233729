package io.apikeys.keycloak.internals.login;

import io.apikeys.keycloak.policy.RealmPolicy;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.CredentialRegistrator;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionProviderModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserModel.RequiredAction;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * A required action that Keycloak demands before a login is complete. A login with a key cannot complete an action that
 * sets a credential or changes the user's identity, because the change would outlive the key.
 */
public final class DemandedAction {

    /** Actions that change identity or credentials without implementing {@link CredentialRegistrator}. */
    private static final Set<String> OF_IDENTITY = Set.of(
            RequiredAction.UPDATE_PASSWORD.name(),
            RequiredAction.UPDATE_EMAIL.name(),
            "delete_account",
            "delete_credential",
            "idp_link");

    private static final Set<String> OF_PROFILE =
            Set.of(RequiredAction.UPDATE_PROFILE.name(), RequiredAction.VERIFY_PROFILE.name());

    private DemandedAction() {}

    /**
     * Finds an action that blocks a login with a key.
     *
     * @param user the user who signs in
     * @return the action's name as configured in the realm; empty if the login can continue
     */
    public static Optional<String> forbidding(AuthenticationFlowContext context, UserModel user, String keyId) {
        RealmModel realm = context.getRealm();
        if (RealmPolicy.keySessionsManageCredentials(realm)) {
            return Optional.empty();
        }
        AuthenticationSessionModel login = context.getAuthenticationSession();
        AuthenticationManager.evaluateRequiredActionTriggers(
                context.getSession(), login, context.getHttpRequest(), context.getEvent(), realm, user);
        return Stream.concat(user.getRequiredActionsStream(), login.getRequiredActions().stream())
                .map(realm::getRequiredActionProviderByAlias)
                .filter(action -> action != null && action.isEnabled() && isForbidden(context, action, user, keyId))
                .map(RequiredActionProviderModel::getName)
                .findFirst();
    }

    private static boolean isForbidden(
            AuthenticationFlowContext context, RequiredActionProviderModel action, UserModel user, String keyId) {
        // The action that issues keys skips itself in a key session.
        if (RealmPolicy.ACTION.equals(action.getAlias())) {
            return false;
        }
        if (OF_PROFILE.contains(action.getAlias())) {
            return !KeySessionProfileRequiredActions.isOpenTo(context.getSession(), context.getRealm(), user, keyId)
                    || KeySessionProfileRequiredActions.demandsMore(context.getSession(), user);
        }
        return OF_IDENTITY.contains(action.getAlias())
                || OF_IDENTITY.contains(action.getProviderId())
                || context.getSession().getProvider(RequiredActionProvider.class, action.getProviderId())
                        instanceof CredentialRegistrator;
    }
}
