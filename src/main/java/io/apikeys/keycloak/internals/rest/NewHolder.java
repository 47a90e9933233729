package io.apikeys.keycloak.internals.rest;

import io.apikeys.keycloak.rest.api.ApiErrors;
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
 * Creates a user to hold a new key, as Keycloak's Admin REST API does and in the transaction of the request, so that a
 * later refusal also rolls back the user.
 */
public record NewHolder(KeycloakSession session, RealmModel realm, AdminPermissionEvaluator auth) {

    private static final String FIELD = "user";

    public UserModel create(UserRepresentation user) {
        if (user.isEnabled() == null) {
            user.setEnabled(true);
        }
        UserModel holder = session.users().getUserById(realm, createAsKeycloakDoes(user));
        if (user.getRequiredActions() == null) {
            // The realm's default actions, such as a new password, would block a holder who has only a key.
            holder.getRequiredActionsStream().toList().forEach(holder::removeRequiredAction);
        }
        refuseIncompleteProfile(holder);
        return holder;
    }

    /** Creates the user by Keycloak's own Admin REST API, and returns the new user's id. */
    private String createAsKeycloakDoes(UserRepresentation user) {
        AdminEventBuilder event = new AdminEventBuilder(
                realm, auth.adminAuth(), session, session.getContext().getConnection());
        try {
            Response created = new UsersResource(session, auth, event).createUser(user);
            String location = created.getLocation().getPath();
            return location.substring(location.lastIndexOf('/') + 1);
        } catch (ForbiddenException mayNot) {
            throw ApiErrors.forbidden("You may not create this user.");
        } catch (ErrorResponseException refused) {
            throw inOurWords(refused);
        }
    }

    /** Returns one error that names its field; Keycloak may report several, or name no field. */
    private static ErrorResponseException inOurWords(ErrorResponseException refused) {
        Response response = refused.getResponse();
        ErrorRepresentation error = (ErrorRepresentation) response.getEntity();
        if (error.getErrors() != null && !error.getErrors().isEmpty()) {
            error = error.getErrors().get(0);
        }
        String field = error.getField() == null ? FIELD : FIELD + "." + error.getField();
        return response.getStatus() == Response.Status.CONFLICT.getStatusCode()
                ? ApiErrors.conflict(field, error.getErrorMessage())
                : ApiErrors.badRequest(field, error.getErrorMessage());
    }

    /** Refuses an incomplete profile, with which {@link VerifyUserProfile} would block a login with only a key. */
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
            throw ApiErrors.badRequest(
                    FIELD + "." + attributes.split(",", 2)[0],
                    "The realm's user profile requires valid values of these attributes: " + attributes + ".");
        }
    }
}
