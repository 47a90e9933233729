package io.apikeys.keycloak.restriction;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The restrictions of a key. A part that is null restricts nothing, and a part that is empty allows nothing. Names of
 * deleted objects allow nothing, either.
 *
 * @param realmRoles names of realm roles; a composite role includes its composites
 * @param clientRoles names of client roles, by client id
 * @param scopes names of client scopes
 * @param clients ids of the clients that may use the key
 * @param cidrs addresses from which the key may be used
 * @param organization alias of the only organization of its holder that the key is for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Restrictions(
        Set<String> realmRoles,
        Map<String, Set<String>> clientRoles,
        Set<String> scopes,
        Set<String> clients,
        List<AddressBlock> cidrs,
        String organization) {

    public static final Restrictions NONE = new Restrictions(null, null, null, null, null, null);

    public Restrictions {
        realmRoles = sorted(realmRoles);
        clientRoles = sorted(clientRoles);
        scopes = sorted(scopes);
        clients = sorted(clients);
        cidrs = cidrs == null ? null : List.copyOf(cidrs);
    }

    private static SortedSet<String> sorted(Collection<String> names) {
        return names == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }

    private static SortedMap<String, Set<String>> sorted(Map<String, Set<String>> roles) {
        if (roles == null) {
            return null;
        }
        SortedMap<String, Set<String>> copy = new TreeMap<>();
        roles.forEach((client, names) -> copy.put(client, sorted(names)));
        return Collections.unmodifiableSortedMap(copy);
    }

    @JsonIgnore
    public boolean isNone() {
        return equals(NONE);
    }

    /** Returns whether a client may use the key; null for no client, which may only if every client may. */
    public boolean allowsClient(String clientId) {
        return clients == null || (clientId != null && clients.contains(clientId));
    }

    /** Returns whether the key may be used from a numeric address; null for an unknown one. */
    public boolean allowsAddress(String address) {
        return cidrs == null || (address != null && cidrs.stream().anyMatch(block -> block.contains(address)));
    }

    public boolean allowsScope(String name) {
        return scopes == null || scopes.contains(name);
    }

    /** Returns the first part in which these restrictions allow more than the others; null if there is none. */
    public String partWidenedAgainst(Restrictions other) {
        if (!within(realmRoles, other.realmRoles)) {
            return "realmRoles";
        }
        if (other.clientRoles != null && (clientRoles == null || !rolesWithin(other.clientRoles))) {
            return "clientRoles";
        }
        if (!within(scopes, other.scopes)) {
            return "scopes";
        }
        if (!within(clients, other.clients)) {
            return "clients";
        }
        if (other.cidrs != null && (cidrs == null || !cidrs.stream().allMatch(other::covers))) {
            return "cidrs";
        }
        if (other.organization != null && !other.organization.equals(organization)) {
            return "organization";
        }
        return null;
    }

    /** Returns these restrictions, with each part that is null taken from the others. */
    public Restrictions completedBy(Restrictions other) {
        return new Restrictions(
                realmRoles == null ? other.realmRoles : realmRoles,
                clientRoles == null ? other.clientRoles : clientRoles,
                scopes == null ? other.scopes : scopes,
                clients == null ? other.clients : clients,
                cidrs == null ? other.cidrs : cidrs,
                organization == null ? other.organization : organization);
    }

    private static boolean within(Set<String> mine, Set<String> others) {
        return others == null || (mine != null && others.containsAll(mine));
    }

    private boolean rolesWithin(Map<String, Set<String>> others) {
        return clientRoles.entrySet().stream()
                .allMatch(mine -> others.getOrDefault(mine.getKey(), Set.of()).containsAll(mine.getValue()));
    }

    private boolean covers(AddressBlock block) {
        return cidrs.stream().anyMatch(mine -> mine.contains(block));
    }
}
