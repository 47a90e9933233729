package io.apikeys.keycloak.holder;

import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.restriction.roles.AllowedRoles;
import io.apikeys.keycloak.session.KeySession;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;

/**
 * The rights that a key gives its holder, as of the request's first look-up.
 *
 * @param ended whether the key is revoked, disabled or expired, or does not allow the client whose token acts; it then
 *     allows nothing
 * @param roles the roles that the key allows
 * @param organizations tells by its alias in which organization its holder acts as a member
 */
record KeyScope(boolean ended, Predicate<RoleModel> roles, Predicate<String> organizations) {

    private static final KeyScope ENDED = new KeyScope(true, role -> false, alias -> false);

    /**
     * Returns the rights of a key.
     *
     * @param clientId the id of the client whose token acts; null if the session itself acts
     */
    static KeyScope of(
            KeycloakSession session, RealmModel realm, UserModel holder, String keyId, @Nullable String clientId) {
        Optional<ReadableKey> key = KeySession.usableKey(session, realm, holder, keyId);
        return key.map(usable -> usable.restrictions(session, realm))
                .filter(restrictions -> clientId == null || restrictions.allowsClient(clientId))
                .map(restrictions ->
                        new KeyScope(false, AllowedRoles.of(realm, restrictions), restrictions::allowsOrganization))
                .orElse(ENDED);
    }

    boolean allows(RoleModel role) {
        return roles.test(role);
    }

    boolean allows(OrganizationModel other) {
        return organizations.test(other.getAlias());
    }
}
