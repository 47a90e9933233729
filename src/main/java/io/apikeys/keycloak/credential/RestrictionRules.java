package io.apikeys.keycloak.credential;

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
 * How a key may be narrowed: only by what the realm knows, so that a slip of the pen is not taken for a wall; and by its
 * holder only to what the holder has.
 *
 * @param realm the holder's
 * @param organizations of the holder
 * @param mayName which roles may be named
 * @param mayWiden whether a key may be given back what was taken from it
 */
record RestrictionRules(
        RealmModel realm, HolderOrganizations organizations, Predicate<RoleModel> mayName, boolean mayWiden) {

    /** Far more than anybody writes, and little enough for the user cache that keeps it. */
    private static final int MAX_NAMES = 200;

    private static final String FIELD = "restrictions";

    static RestrictionRules forHolder(KeycloakSession session, RealmModel realm, UserModel holder) {
        return new RestrictionRules(realm, new HolderOrganizations(session, holder), holder::hasRole, false);
    }

    static RestrictionRules forAdministrator(KeycloakSession session, RealmModel realm, UserModel holder) {
        return new RestrictionRules(realm, new HolderOrganizations(session, holder), any -> true, true);
    }

    /**
     * Checks what is asked for. Names that stay are not looked up again: what they meant may be gone.
     *
     * @param current how the key is narrowed now
     */
    void check(Restrictions asked, Restrictions current) throws InvalidKeyException {
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

    /** What is asked for beyond what is there; both may be null. */
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
