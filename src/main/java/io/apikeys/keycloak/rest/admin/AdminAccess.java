package io.apikeys.keycloak.rest.admin;

import io.apikeys.keycloak.credential.HolderLookup;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.rest.api.ApiErrors;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.ErrorResponseException;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;
import org.keycloak.services.resources.admin.fgap.UserPermissionEvaluator;

/**
 * The permissions of an administrator for the keys of a realm's users. Viewing the keys of a user requires the
 * permission to view the user, and revoking or changing them the permission to manage the user. Issuing a key, or
 * changing one so that it allows more, also requires the permission to set the user's password, because either lets the
 * administrator sign in as that user. The key of a service account acts as its client, so issuing or changing one also
 * requires the permission to manage that client.
 */
record AdminAccess(KeycloakSession session, RealmModel realm, AdminPermissionEvaluator auth) {

    /** Checks that keys are enabled in the realm. Only a caller who may query users learns that they are disabled. */
    void requireKeysEnabled() {
        if (!RealmPolicy.enabled(realm)) {
            requireQuery();
            ApiErrors.requireKeysEnabled(realm);
        }
    }

    UserModel holderWithId(String userId) {
        return known(lookup().byId(userId).orElse(null), ApiErrors.notFound("There is no such user."));
    }

    /**
     * Returns the user whom field {@code userId} or {@code username} of a request names.
     *
     * @param userId null to find the user by username
     * @throws ErrorResponseException if there is no such user, or if the request names none
     */
    UserModel holderNamed(@Nullable String userId, @Nullable String username) {
        if (userId != null) {
            return known(lookup().byId(userId).orElse(null), ApiErrors.badRequest("userId", "There is no such user."));
        }
        if (username == null) {
            throw ApiErrors.badRequest("userId", "The user is missing: send userId or username.");
        }
        return known(
                lookup().byUsername(username).orElse(null), ApiErrors.badRequest("username", "There is no such user."));
    }

    UserModel holderOf(String keyId) {
        UserModel holder = Optional.of(keyId)
                .filter(HolderLookup::isStorable)
                .flatMap(id -> new KeyRecords(session).holderId(realm, id))
                .flatMap(lookup()::byId)
                .orElse(null);
        return known(holder, noSuchKey());
    }

    private HolderLookup lookup() {
        return new HolderLookup(session, realm);
    }

    static ErrorResponseException noSuchKey() {
        return ApiErrors.notFound("There is no such API key.");
    }

    /**
     * Returns the holder. Only a caller who may query users learns that there is none, as in Keycloak's
     * {@code UsersResource}.
     */
    private UserModel known(@Nullable UserModel holder, ErrorResponseException otherwise) {
        if (holder == null) {
            requireQuery();
            throw otherwise;
        }
        return holder;
    }

    void requireQuery() {
        if (!users().canQuery()) {
            throw ApiErrors.forbidden("You may not view users.");
        }
    }

    void requireViewAll() {
        if (!users().canView()) {
            throw ApiErrors.forbidden("You may not view all users. Name one with query parameter userId.");
        }
    }

    /**
     * Returns whether one of Keycloak's own roles lets the caller view every user, which no fine-grained permission can
     * take away. For any other caller, each user must be checked.
     */
    boolean seesEveryUser() {
        return auth.hasOneAdminRole(AdminRoles.MANAGE_USERS, AdminRoles.VIEW_USERS);
    }

    boolean mayView(UserModel holder) {
        return users().canView(holder);
    }

    void requireView(UserModel holder) {
        if (!mayView(holder)) {
            throw ApiErrors.forbidden("You may not view this user.");
        }
    }

    void requireManage(UserModel holder) {
        if (!users().canManage(holder)) {
            throw ApiErrors.forbidden("You may not manage this user.");
        }
    }

    /**
     * Checks that the caller may change the keys of this user. Revoking a key requires only {@link #requireManage},
     * whoever holds it.
     */
    void requireChange(UserModel holder) {
        requireManage(holder);
        String clientId = holder.getServiceAccountClientLink();
        if (clientId != null && !mayManageClient(clientId)) {
            throw ApiErrors.forbidden("You may not manage the client of this service account.");
        }
    }

    private boolean mayManageClient(String id) {
        ClientModel client = realm.getClientById(id);
        return client != null && auth.clients().canManage(client);
    }

    /** Checks that the caller may issue and rotate keys of this user, and change them so that they allow more. */
    void requireIssue(UserModel holder) {
        requireChange(holder);
        if (!users().canResetPassword(holder)) {
            throw ApiErrors.forbidden("You may not set credentials of this user.");
        }
    }

    private UserPermissionEvaluator users() {
        return auth.users();
    }
}
