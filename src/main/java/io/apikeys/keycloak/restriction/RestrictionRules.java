package io.apikeys.keycloak.restriction;

import io.apikeys.keycloak.key.InvalidKeyException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleContainerModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * The rules for restricting a key: a restriction may name only objects of the realm, so that a typo is not mistaken for
 * one, and a holder may name only the holder's own roles.
 *
 * @param realm the holder's realm
 * @param organizations the holder's organizations
 * @param mayName tells whether a role may be named
 * @param mayWiden whether restrictions may be removed
 */
public record RestrictionRules(
        RealmModel realm, HolderOrganizations organizations, Predicate<RoleModel> mayName, boolean mayWiden) {

    /** Far more than needed in practice, and few enough for the user cache, which stores them. */
    private static final int MAX_NAMES = 200;

    private static final String FIELD = "restrictions";

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
        checkRoles("realmRoles", realm, asked.realmRoles(), current.realmRoles());
        checkClientRoles(asked.clientRoles(), current.clientRoles() == null ? Map.of() : current.clientRoles());
        for (String scope : added("scopes", asked.scopes(), current.scopes())) {
            if (KeycloakModelUtils.getClientScopeByName(realm, scope) == null) {
                throw bad("scopes", "There is no client scope '" + scope + "'.");
            }
        }
        for (String clientId : added("clients", asked.clients(), current.clients())) {
            client("clients", clientId);
        }
        added("cidrs", asked.cidrs(), current.cidrs());
        if (asked.organization() != null
                && !asked.organization().equals(current.organization())
                && organizations.find(asked.organization()).isEmpty()) {
            throw bad("organization", "The holder is in no organization '" + asked.organization() + "'.");
        }
        String widened = asked.partWidenedAgainst(current);
        if (widened != null && !mayWiden) {
            throw bad(widened, "A key can be narrowed, but not widened.");
        }
    }

    private void checkClientRoles(Map<String, Set<String>> asked, Map<String, Set<String>> current)
            throws InvalidKeyException {
        for (String clientId : added("clientRoles", asked == null ? null : asked.keySet(), Set.of())) {
            if (current.get(clientId) == null || !current.get(clientId).equals(asked.get(clientId))) {
                ClientModel client = client("clientRoles", clientId);
                checkRoles("clientRoles." + clientId, client, asked.get(clientId), current.get(clientId));
            }
        }
    }

    private void checkRoles(String part, RoleContainerModel container, Set<String> asked, Set<String> current)
            throws InvalidKeyException {
        for (String name : added(part, asked, current)) {
            RoleModel role = container.getRole(name);
            if (role == null || !mayName.test(role)) {
                throw bad(part, "There is no role '" + name + "' that the key could have.");
            }
        }
    }

    private ClientModel client(String part, String clientId) throws InvalidKeyException {
        ClientModel client = realm.getClientByClientId(clientId);
        if (client == null) {
            throw bad(part, "There is no client '" + clientId + "'.");
        }
        return client;
    }

    /** Returns the requested names that are not current ones; both may be null. */
    private static <T> List<T> added(String part, Collection<T> asked, Collection<T> current)
            throws InvalidKeyException {
        if (asked == null) {
            return List.of();
        }
        if (asked.size() > MAX_NAMES) {
            throw bad(part, "May have " + MAX_NAMES + " entries at the most.");
        }
        return asked.stream()
                .filter(name -> current == null || !current.contains(name))
                .toList();
    }

    private static InvalidKeyException bad(String part, String message) {
        return InvalidKeyException.badField(FIELD + "." + part, message);
    }
}
