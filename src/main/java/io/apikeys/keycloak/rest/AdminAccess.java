package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.credential.KeyRecords;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.ErrorResponseException;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;
import org.keycloak.services.resources.admin.fgap.UserPermissionEvaluator;

/**
 * Whose keys an administrator may see and change. Who may view a user may see their keys, who may manage a user may change
 * them; to make one also takes what setting a password takes, because both let the administrator sign in as that user.
 */
record AdminAccess(KeycloakSession session, RealmModel realm, AdminPermissionEvaluator auth) {

    UserModel holderWithId(String userId) {
        return known(session.users().getUserById(realm, userId), Refused.notFound("There is no such user."));
    }

    /** The holder that field {@code userId} or {@code username} of a request names. */
    UserModel holderNamed(String userId, String username) {
        UserModel holder = userId != null
                ? session.users().getUserById(realm, userId)
                : session.users().getUserByUsername(realm, username);
        return known(holder, Refused.badRequest(userId != null ? "userId" : "username", "There is no such user."));
    }

    UserModel holderOf(String keyId) {
        UserModel holder = new KeyRecords(session)
                .holderId(realm, keyId)
                .map(userId -> session.users().getUserById(realm, userId))
                .orElse(null);
        return known(holder, noSuchKey());
    }

    static ErrorResponseException noSuchKey() {
        return Refused.notFound("There is no such API key.");
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
            throw Refused.forbidden("You may not view users.");
        }
    }

    void requireViewAll() {
        if (!users().canView()) {
            throw Refused.forbidden("You may not view all users; give a userId.");
        }
    }

    void requireView(UserModel holder) {
        if (!users().canView(holder)) {
            throw Refused.forbidden("You may not view this user.");
        }
    }

    void requireManage(UserModel holder) {
        if (!users().canManage(holder)) {
            throw Refused.forbidden("You may not manage this user.");
        }
    }

    void requireIssue(UserModel holder) {
        requireManage(holder);
        if (!users().canResetPassword(holder)) {
            throw Refused.forbidden("You may not set credentials of this user.");
        }
    }

    private UserPermissionEvaluator users() {
        return auth.users();
    }
}
