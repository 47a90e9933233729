package io.apikeys.keycloak.internals.login;

import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.restriction.roles.AllowedRoles;
import io.apikeys.keycloak.session.KeySession;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.requiredactions.UpdateProfile;
import org.keycloak.authentication.requiredactions.VerifyUserProfile;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileProvider;
import org.keycloak.userprofile.ValidationException;

/**
 * Restricts what a key session may change in its holder's profile: names and locale, if the key allows the role that
 * Keycloak's Account REST API requires for it. The store refuses any other change; these pages report it first.
 */
public final class KeySessionProfileRequiredActions {

    private static final Set<String> CHANGEABLE = Set.of(UserModel.FIRST_NAME, UserModel.LAST_NAME, UserModel.LOCALE);

    private KeySessionProfileRequiredActions() {}

    /** Returns whether the holder has, and the key allows, the role that manages the holder's account. */
    static boolean isOpenTo(KeycloakSession session, RealmModel realm, UserModel holder, String keyId) {
        return AllowedRoles.manageAccount(realm)
                .filter(holder::hasRole)
                .filter(role -> HolderKeys.findReadable(holder, keyId)
                        .filter(key -> AllowedRoles.of(realm, key.restrictions(session, realm))
                                .test(role))
                        .isPresent())
                .isPresent();
    }

    /** Returns whether the realm requires a profile change that a key session cannot make. */
    static boolean demandsMore(KeycloakSession session, UserModel user) {
        try {
            session.getProvider(UserProfileProvider.class)
                    .create(UserProfileContext.UPDATE_PROFILE, user)
                    .validate();
            return false;
        } catch (ValidationException incomplete) {
            return incomplete.getErrors().stream().anyMatch(error -> !CHANGEABLE.contains(error.getAttribute()));
        }
    }

    /**
     * Returns a message for each attribute that a form changes but a key session may not; empty for any other session.
     */
    private static List<FormMessage> refused(RequiredActionContext context, MultivaluedMap<String, String> form) {
        if (RealmPolicy.keySessionsManageCredentials(context.getRealm())
                || KeySession.keyId(context.getSession(), context.getAuthenticationSession())
                        .isEmpty()) {
            return List.of();
        }
        UserModel user = context.getUser();
        return context
                .getSession()
                .getProvider(UserProfileProvider.class)
                .create(UserProfileContext.UPDATE_PROFILE, form, user)
                .getAttributes()
                .getWritable()
                .entrySet()
                .stream()
                .filter(attribute -> form.containsKey(attribute.getKey()) && !CHANGEABLE.contains(attribute.getKey()))
                .filter(attribute -> !withoutBlanks(attribute.getValue())
                        .equals(withoutBlanks(
                                user.getAttributeStream(attribute.getKey()).toList())))
                .map(attribute -> new FormMessage(attribute.getKey(), "apiKeyAttributeNotChangeable"))
                .toList();
    }

    /** Creates the page of a profile action. */
    private interface ProfilePage {
        Response create(RequiredActionContext context, MultivaluedMap<String, String> form, List<FormMessage> errors);
    }

    /** Shows a page again and returns true if its form changes an attribute that a key session may not change. */
    private static boolean isRefused(RequiredActionContext context, ProfilePage page) {
        MultivaluedMap<String, String> form = context.getHttpRequest().getDecodedFormParameters();
        List<FormMessage> refused = refused(context, form);
        if (refused.isEmpty()) {
            return false;
        }
        context.challenge(page.create(context, form, refused));
        return true;
    }

    private static List<String> withoutBlanks(List<String> values) {
        return values.stream()
                .filter(value -> value != null && !value.isBlank())
                .sorted()
                .toList();
    }

    /** Keycloak's page for changing a profile. */
    public static final class Update extends UpdateProfile {

        @Override
        public int order() {
            return 10;
        }

        @Override
        public void processAction(RequiredActionContext context) {
            if (!isRefused(context, this::createResponse)) {
                super.processAction(context);
            }
        }
    }

    /** Keycloak's page for completing a profile that the realm does not accept. */
    public static final class Verify extends VerifyUserProfile {

        @Override
        public int order() {
            return 10;
        }

        @Override
        public void processAction(RequiredActionContext context) {
            if (!isRefused(context, this::createResponse)) {
                super.processAction(context);
            }
        }
    }
}
