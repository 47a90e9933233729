package io.apikeys.keycloak.restriction;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.InvalidKeyException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.keycloak.models.ClientModel;

/** The part whose value is names of client roles, by client id. */
record ClientRolesPart(String name) implements RestrictionPart<Map<String, Set<String>>> {

    @Override
    public Map<String, Set<String>> read(JsonNode json) throws InvalidKeyException {
        if (!json.isObject()) {
            throw invalid("Must be an object.");
        }
        SortedMap<String, Set<String>> roles = new TreeMap<>();
        for (Map.Entry<String, JsonNode> client : json.properties()) {
            roles.put(client.getKey(), RestrictionPart.names(fieldOf(client.getKey()), client.getValue()));
        }
        return Collections.unmodifiableSortedMap(roles);
    }

    @Override
    public boolean isWithin(Map<String, Set<String>> value, Map<String, Set<String>> other) {
        return value.entrySet().stream()
                .allMatch(
                        client -> other.getOrDefault(client.getKey(), Set.of()).containsAll(client.getValue()));
    }

    @Override
    public void check(Map<String, Set<String>> value, Map<String, Set<String>> current, RestrictionRules rules)
            throws InvalidKeyException {
        for (String clientId : RestrictionPart.added(name, value.keySet(), null)) {
            Set<String> currentNames = current == null ? null : current.get(clientId);
            if (!value.get(clientId).equals(currentNames)) {
                ClientModel client = rules.client(name, clientId);
                for (String role : RestrictionPart.added(fieldOf(clientId), value.get(clientId), currentNames)) {
                    rules.requireRole(fieldOf(clientId), client, role);
                }
            }
        }
    }

    private String fieldOf(String clientId) {
        return name + "." + clientId;
    }
}
