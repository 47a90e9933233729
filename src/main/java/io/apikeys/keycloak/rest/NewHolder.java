package io.apikeys.keycloak.rest;

import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.core.Response;
import java.util.stream.Collectors;
import org.keycloak.authentication.requiredactions.VerifyUserProfile;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionProviderModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserModel.RequiredAction;
import org.keycloak.representations.idm.ErrorRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.services.ErrorResponseException;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.UsersResource;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileProvider;
import org.keycloak.userprofile.ValidationException;

/**
 * Makes the holder of a new key as Keycloak's Admin REST API makes a user, in the transaction of the request: for somebody
 * who has no account yet. What is refused later takes the user along.
 */
record NewHolder(KeycloakSession session, RealmModel realm, AdminPermissionEvaluator auth) {

    private static final String FIELD = "user";

    UserModel create(UserRepresentation user) {
        if (user.isEnabled() == null) {
            user.setEnabled(true);
        }
        UserModel holder = session.users().getUserById(realm, createAsKeycloakDoes(user));
        refuseIncompleteProfile(holder);
        return holder;
    }

    /** Answers the new user's id. */
    private String createAsKeycloakDoes(UserRepresentation user) {
        AdminEventBuilder event = new AdminEventBuilder(
                realm, auth.adminAuth(), session, session.getContext().getConnection());
        try {
            Response created = new UsersResource(session, auth, event).createUser(user);
            String location = created.getLocation().getPath();
            return location.substring(location.lastIndexOf('/') + 1);
        } catch (ForbiddenException mayNot) {
            throw Refused.forbidden("You may not create this user.");
        } catch (ErrorResponseException refused) {
            throw inOurWords(refused);
        }
    }

    /** One error that names its field, where Keycloak may answer several or name none. */
    private static ErrorResponseException inOurWords(ErrorResponseException refused) {
        Response response = refused.getResponse();
        ErrorRepresentation error = (ErrorRepresentation) response.getEntity();
        if (error.getErrors() != null && !error.getErrors().isEmpty()) {
            error = error.getErrors().get(0);
        }
        String field = error.getField() == null ? FIELD : FIELD + "." + error.getField();
        return response.getStatus() == Response.Status.CONFLICT.getStatusCode()
                ? Refused.conflict(field, error.getErrorMessage())
                : Refused.badRequest(field, error.getErrorMessage());
    }

    /** Who has nothing but a key would be stopped at their first login, by {@link VerifyUserProfile}. */
    private void refuseIncompleteProfile(UserModel holder) {
        RequiredActionProviderModel verify =
                realm.getRequiredActionProviderByAlias(RequiredAction.VERIFY_PROFILE.name());
        if (verify == null || !verify.isEnabled()) {
            return;
        }
        try {
            session.getProvider(UserProfileProvider.class)
                    .create(UserProfileContext.UPDATE_PROFILE, holder)
                    .validate();
        } catch (ValidationException incomplete) {
            String attributes = incomplete.getErrors().stream()
                    .map(ValidationException.Error::getAttribute)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw Refused.badRequest(
                    FIELD + "." + attributes.split(",", 2)[0],
                    "The realm's user profile does not allow a user without this: " + attributes + ".");
        }
    }
}
