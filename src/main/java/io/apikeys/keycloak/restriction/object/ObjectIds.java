package io.apikeys.keycloak.restriction.object;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.key.InvalidKeyException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The ids of the objects that restrictions name. They are stored beside the names, in the same structure, with an id
 * for each name: {@code {"realmRoles": {"reader": "…"}, "clientRoles": {"app": {"viewer": "…"}}}}.
 * Immutable.
 */
public final class ObjectIds {

    public static final ObjectIds NONE = new ObjectIds(Map.of());

    private final Map<ObjectName, String> byName;

    public ObjectIds(Map<ObjectName, String> byName) {
        this.byName = Map.copyOf(byName);
    }

    /**
     * Reads ids as they are stored.
     *
     * @throws InvalidKeyException if they are malformed
     */
    @JsonCreator
    public static ObjectIds read(ObjectNode json) throws InvalidKeyException {
        Map<ObjectName, String> ids = new HashMap<>();
        for (Map.Entry<String, JsonNode> part : json.properties()) {
            ObjectKind kind = ObjectKind.in(part.getKey()).orElseThrow(() -> malformed(part.getKey()));
            for (Map.Entry<String, JsonNode> member : members(kind, part.getValue())) {
                if (kind == ObjectKind.CLIENT_ROLE) {
                    for (Map.Entry<String, JsonNode> role : members(kind, member.getValue())) {
                        ids.put(ObjectName.ofClientRole(member.getKey(), role.getKey()), id(kind, role.getValue()));
                    }
                } else {
                    ids.put(kind.named(member.getKey()), id(kind, member.getValue()));
                }
            }
        }
        return new ObjectIds(ids);
    }

    private static Iterable<Map.Entry<String, JsonNode>> members(ObjectKind kind, JsonNode json)
            throws InvalidKeyException {
        if (!json.isObject()) {
            throw malformed(kind.part());
        }
        return json.properties();
    }

    private static String id(ObjectKind kind, JsonNode json) throws InvalidKeyException {
        if (!json.isTextual() || json.textValue().isEmpty()) {
            throw malformed(kind.part());
        }
        return json.textValue();
    }

    private static InvalidKeyException malformed(String part) {
        return InvalidKeyException.badField("restrictionIds." + part, "Has no ids that could be read.");
    }

    /** Returns the id of the object that had a name; empty if none is known. */
    public Optional<String> of(ObjectName name) {
        return Optional.ofNullable(byName.get(name));
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Returns those ids whose names meet a condition. */
    public ObjectIds where(Predicate<ObjectName> condition) {
        return new ObjectIds(byName.entrySet().stream()
                .filter(each -> condition.test(each.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Returns these ids, and those of others for names that have none here. */
    public ObjectIds and(ObjectIds others) {
        Map<ObjectName, String> all = new HashMap<>(others.byName);
        all.putAll(byName);
        return new ObjectIds(all);
    }

    /** Returns the JSON. */
    @JsonValue
    public SortedMap<String, SortedMap<String, Object>> nested() {
        SortedMap<String, SortedMap<String, Object>> parts = new TreeMap<>();
        SortedMap<String, SortedMap<String, String>> roles = new TreeMap<>();
        byName.forEach((name, id) -> {
            if (name.client() == null) {
                parts.computeIfAbsent(name.kind().part(), part -> new TreeMap<>())
                        .put(name.name(), id);
            } else {
                roles.computeIfAbsent(name.client(), client -> new TreeMap<>()).put(name.name(), id);
            }
        });
        if (!roles.isEmpty()) {
            parts.put(ObjectKind.CLIENT_ROLE.part(), new TreeMap<>(roles));
        }
        return parts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObjectIds ids && ids.byName.equals(byName);
    }

    @Override
    public int hashCode() {
        return byName.hashCode();
    }

    @Override
    public String toString() {
        return nested().toString();
    }
}
