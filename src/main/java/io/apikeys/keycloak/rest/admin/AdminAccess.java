package io.apikeys.keycloak.rest.admin;

import io.apikeys.keycloak.credential.HolderLookup;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.rest.api.ApiErrors;
import java.util.Optional;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.ErrorResponseException;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;
import org.keycloak.services.resources.admin.fgap.UserPermissionEvaluator;

/**
 * Whose keys an administrator may see and change. Who may view a user may see their keys, who may manage a user may change
 * them; to make one, or to give one more, also takes what setting a password takes, because both let the administrator sign
 * in as that user. The key of a service account acts as its client, so that to make or change one takes managing that, too.
 */
record AdminAccess(KeycloakSession session, RealmModel realm, AdminPermissionEvaluator auth) {

    /** Tells those who may look for users, and nobody else, that the realm has no keys. */
    void requireKeysEnabled() {
        if (!RealmPolicy.enabled(realm)) {
            requireQuery();
            ApiErrors.requireKeysEnabled(realm);
        }
    }

    UserModel holderWithId(String userId) {
        return known(lookup().byId(userId).orElse(null), ApiErrors.notFound("There is no such user."));
    }

    /** The holder that field {@code userId} or {@code username} of a request names. */
    UserModel holderNamed(String userId, String username) {
        UserModel holder = (userId != null ? lookup().byId(userId) : lookup().byUsername(username)).orElse(null);
        return known(holder, ApiErrors.badRequest(userId != null ? "userId" : "username", "There is no such user."));
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

    /** Tells what does not exist only to who may look for users, as Keycloak's {@code UsersResource} does. */
    private UserModel known(UserModel holder, ErrorResponseException otherwise) {
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
            throw ApiErrors.forbidden("You may not view all users; give a userId.");
        }
    }

    /**
     * Returns whether the caller sees every user by one of Keycloak's own roles, which no fine-grained permission takes
     * anything from. Others have to be asked for each user.
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

    /** To end a key takes no more than {@link #requireManage}, whoever holds it. */
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

    /** To make a key, to rotate it, or to change it so that it may do more. */
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
