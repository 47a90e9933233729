package io.apikeys.keycloak.restriction;

import io.apikeys.keycloak.key.InvalidKeyException;
import java.util.function.Predicate;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleContainerModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * The rules for restricting a key: a restriction may name only objects of the realm, so that a typing error is not
 * mistaken for a restriction, and a holder may name only the holder's own roles.
 *
 * @param realm the holder's realm
 * @param organizations the holder's organizations
 * @param mayName tells whether a role may be named
 * @param mayWiden whether restrictions may be removed
 */
public record RestrictionRules(
        RealmModel realm, HolderOrganizations organizations, Predicate<RoleModel> mayName, boolean mayWiden) {

    public static RestrictionRules forHolder(KeycloakSession session, RealmModel realm, UserModel holder) {
        return new RestrictionRules(realm, new HolderOrganizations(session, holder), holder::hasRole, false);
    }

    public static RestrictionRules forAdministrator(KeycloakSession session, RealmModel realm, UserModel holder) {
        return new RestrictionRules(realm, new HolderOrganizations(session, holder), any -> true, true);
    }

    /**
     * Checks requested restrictions. Unchanged names are not looked up again, because their objects may be deleted.
     *
     * @param current the key's current restrictions
     * @throws InvalidKeyException if they are not allowed
     */
    public void check(Restrictions asked, Restrictions current) throws InvalidKeyException {
        for (RestrictionPart<?> part : Restrictions.PARTS) {
            check(part, asked, current);
        }
        RestrictionPart<?> widened = asked.partWidenedAgainst(current);
        if (widened != null && !mayWiden) {
            throw widened.invalid(
                    "A key can be restricted further, but only an administrator can relax its restrictions.");
        }
    }

    private <T> void check(RestrictionPart<T> part, Restrictions asked, Restrictions current)
            throws InvalidKeyException {
        T value = asked.get(part);
        if (value != null) {
            part.check(value, current.get(part), this);
        }
    }

    void requireRealmRole(String field, String name) throws InvalidKeyException {
        requireRole(field, realm, name);
    }

    void requireRole(String field, RoleContainerModel container, String name) throws InvalidKeyException {
        RoleModel role = container.getRole(name);
        if (role == null || !mayName.test(role)) {
            throw RestrictionPart.invalid(field, "There is no role '" + name + "' that the key could have.");
        }
    }

    void requireScope(String field, String name) throws InvalidKeyException {
        if (KeycloakModelUtils.getClientScopeByName(realm, name) == null) {
            throw RestrictionPart.invalid(field, "There is no client scope '" + name + "'.");
        }
    }

    ClientModel client(String field, String clientId) throws InvalidKeyException {
        ClientModel client = realm.getClientByClientId(clientId);
        if (client == null) {
            throw RestrictionPart.invalid(field, "There is no client '" + clientId + "'.");
        }
        return client;
    }
}
