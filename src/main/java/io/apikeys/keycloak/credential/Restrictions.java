package io.apikeys.keycloak.credential;

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
 * How a key is narrowed. Every part that is null narrows nothing, and every part that is empty allows nothing. Names that
 * no longer mean anything allow nothing either.
 *
 * @param realmRoles names of realm roles; a composite one stands for what is in it, too
 * @param clientRoles names of client roles, by client id
 * @param scopes names of client scopes
 * @param clients ids of the clients that may use the key
 * @param cidrs where the key may come from
 * @param organization alias of the one organization of its holder that the key is for
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

    /** Whether a client may use the key; null for nobody in particular, who may only where all may. */
    public boolean allowsClient(String clientId) {
        return clients == null || (clientId != null && clients.contains(clientId));
    }

    /** Whether the key may come from this address (a number, no host name); null for an unknown one. */
    public boolean allowsAddress(String address) {
        return cidrs == null || (address != null && cidrs.stream().anyMatch(block -> block.contains(address)));
    }

    public boolean allowsScope(String name) {
        return scopes == null || scopes.contains(name);
    }

    /** The first part in which this allows more than the other; null if there is none. */
    String partWidenedAgainst(Restrictions other) {
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
