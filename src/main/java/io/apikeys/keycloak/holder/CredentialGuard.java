package io.apikeys.keycloak.holder;

import io.apikeys.keycloak.internals.request.RequestSessions;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.session.KeySession;
import jakarta.ws.rs.core.Response.Status;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.RoleUtils;
import org.keycloak.services.ErrorResponse;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.storage.ReadOnlyException;

/**
 * Refuses changes by a request that acts for a key if they would outlive the key: to credentials, identity links, and
 * attributes with which an account could be recovered. A realm's policy can allow its key sessions such changes.
 */
public record CredentialGuard(KeycloakSession session) {

    private static final String NO_CREDENTIALS = "A session that was opened with an API key cannot change credentials.";

    public static CredentialGuard of(KeycloakSession session) {
        return new CredentialGuard(session);
    }

    /** Returns whether this request acts for a key of a realm that does not let its keys change credentials. */
    public boolean acts() {
        return keys().anyMatch(key -> !RealmPolicy.keySessionsManageCredentials(key.realm()));
    }

    /**
     * Returns whether this request acts for a key of this user, in a realm that does not let its keys change
     * credentials.
     */
    boolean actsFor(UserModel user) {
        return keys().anyMatch(key ->
                user.getId().equals(key.holderId()) && !RealmPolicy.keySessionsManageCredentials(key.realm()));
    }

    /** A key that this request acts for, in any state. */
    private record Key(RealmModel realm, @Nullable String holderId) {

        static Key of(UserSessionModel userSession) {
            return new Key(userSession.getRealm(), userSession.getUser().getId());
        }
    }

    private Stream<Key> keys() {
        ActingKeys acting = ActingKeys.of(session);
        Optional<AuthenticationSessionModel> login = acting.login();
        if (login.isPresent()) {
            return keys(login.get());
        }
        return Stream.concat(
                acting.keySessions().stream().map(Key::of),
                acting.bearerToken().stream()
                        .map(token -> new Key(session.getContext().getRealm(), token.getSubject())));
    }

    /** Returns the key of a login, and the key of the session that the login continues. */
    private Stream<Key> keys(AuthenticationSessionModel login) {
        Stream<Key> ofLogin = login.getUserSessionNotes().containsKey(KeySession.KEY_ID)
                ? Stream.of(new Key(
                        login.getRealm(),
                        login.getAuthenticatedUser() == null
                                ? null
                                : login.getAuthenticatedUser().getId()))
                : Stream.empty();
        Stream<Key> ofSession = RequestSessions.continuedBy(session, login)
                .filter(continued -> KeySession.keyId(continued).isPresent())
                .map(Key::of)
                .stream();
        return Stream.concat(ofLogin, ofSession);
    }

    /** Refuses to change a stored credential. */
    void refuseCredentials() {
        if (acts()) {
            throw ErrorResponse.error(NO_CREDENTIALS, Status.FORBIDDEN);
        }
    }

    /** Refuses to change an identity link, or to issue a verifiable credential. */
    public void refuseIdentity() {
        if (acts()) {
            throw ErrorResponse.error(
                    "A session that was opened with an API key cannot change linked identities.", Status.FORBIDDEN);
        }
    }

    /**
     * Refuses to grant a user roles that administer Keycloak, directly or within composites. In a realm with
     * fine-grained admin permissions, any role or group may administer.
     */
    void refuseAdministration(RealmModel realm, Stream<RoleModel> roles) {
        if (acts() && (FineGrainedPermissions.areUsedIn(realm) || administer(roles))) {
            throw ErrorResponse.error("An API key cannot make users administrators.", Status.FORBIDDEN);
        }
    }

    /** Returns whether roles administer Keycloak, with composites as stored rather than restricted for a holder. */
    private boolean administer(Stream<RoleModel> roles) {
        return ActingKeys.of(session)
                .looking(() -> RoleUtils.expandCompositeRolesStream(roles).anyMatch(AdminRoles::isAdminRole));
    }

    /**
     * Refuses to rename a role, a client or a client scope. Keys whose restrictions have no ids yet go by names, so such a
     * key could extend its own rights.
     */
    public void refuseRenaming() {
        if (acts()) {
            throw ErrorResponse.error("An API key cannot rename roles and clients.", Status.FORBIDDEN);
        }
    }

    /**
     * Returns the exception for a refused change of an attribute, the only type that Keycloak's user profile passes on.
     */
    static ReadOnlyException readOnly(String attribute) {
        return new ReadOnlyException(
                "A session that was opened with an API key cannot change the attribute '" + attribute + "'.");
    }
}
