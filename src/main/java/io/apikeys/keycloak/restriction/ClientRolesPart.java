package io.apikeys.keycloak.restriction;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.restriction.object.ObjectKind;
import io.apikeys.keycloak.restriction.object.ObjectName;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The part whose value is names of client roles, by client id. */
record ClientRolesPart() implements RestrictionPart<Map<String, Set<String>>> {

    private static final int MAX_ROLES = 1_000;

    @Override
    public String name() {
        return ObjectKind.CLIENT_ROLE.part();
    }

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
    public Stream<ObjectName> names(Map<String, Set<String>> value) {
        return value.entrySet().stream()
                .flatMap(client ->
                        client.getValue().stream().map(role -> ObjectName.ofClientRole(client.getKey(), role)));
    }

    @Override
    public Map<String, Set<String>> renamed(
            Map<String, Set<String>> value, Function<ObjectName, Optional<ObjectName>> other) {
        SortedMap<String, Set<String>> renamed = new TreeMap<>();
        value.forEach((client, roles) -> {
            if (roles.isEmpty()) {
                renamed.put(client, new TreeSet<>());
            }
        });
        names(value)
                .map(other)
                .flatMap(Optional::stream)
                .forEach(role -> renamed.computeIfAbsent(role.client(), client -> new TreeSet<>())
                        .add(role.name()));
        return renamed;
    }

    @Override
    public void check(
            Map<String, Set<String>> value, @Nullable Map<String, Set<String>> current, RestrictionRules rules)
            throws InvalidKeyException {
        RestrictionPart.requireFew(name(), value.keySet());
        if (value.values().stream().mapToInt(Set::size).sum() > MAX_ROLES) {
            throw invalid("May name at most " + MAX_ROLES + " roles.");
        }
        for (String clientId : value.keySet()) {
            RestrictionPart.requireFew(fieldOf(clientId), value.get(clientId));
            if (current == null || !current.containsKey(clientId)) {
                rules.requireClient(name(), clientId);
            }
        }
    }

    private String fieldOf(String clientId) {
        return name() + "." + clientId;
    }
}
