package io.apikeys.keycloak.restriction;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.restriction.object.ObjectIds;
import io.apikeys.keycloak.restriction.object.ObjectName;
import io.apikeys.keycloak.restriction.object.RealmObjects;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The restrictions of a key as they are stored: names, and the ids of the objects that had those names when the
 * restrictions were set. A name without an id stands for whatever object has that name. Decisions are based on what
 * {@link #in} returns. Immutable.
 */
public final class StoredRestrictions {

    /** No restrictions. */
    public static final StoredRestrictions NONE = new StoredRestrictions(Restrictions.NONE, ObjectIds.NONE);

    private final Restrictions named;
    private final ObjectIds ids;

    private StoredRestrictions(Restrictions named, ObjectIds ids) {
        this.named = named;
        this.ids = ids;
    }

    /**
     * Reads the names as they are stored.
     *
     * @throws InvalidKeyException if a part is malformed or not known
     */
    @JsonCreator
    static StoredRestrictions read(ObjectNode json) throws InvalidKeyException {
        return naming(Restrictions.read(json));
    }

    /** Returns requested restrictions, whose names have no ids yet. */
    public static StoredRestrictions naming(Restrictions requested) {
        return requested.isNone() ? NONE : new StoredRestrictions(requested, ObjectIds.NONE);
    }

    /**
     * Returns a copy with other ids. Ids of names that these restrictions do not contain are left out: an earlier
     * version, which knows no ids, may have changed the names alone.
     */
    public StoredRestrictions with(ObjectIds other) {
        Set<ObjectName> names = named.names();
        return new StoredRestrictions(named, other.where(names::contains));
    }

    /** Returns the restrictions as they apply now. What no longer exists is left out, and allows nothing. */
    public Restrictions in(KeycloakSession session, RealmModel realm) {
        return in(RealmObjects.of(session, realm));
    }

    Restrictions in(RealmObjects objects) {
        return ids.isEmpty()
                ? named
                : named.renamed(name ->
                        ids.of(name).map(id -> objects.name(name.kind(), id)).orElseGet(() -> Optional.of(name)));
    }

    /** Returns the restrictions as they are shown. */
    public ShownRestrictions shownIn(KeycloakSession session, RealmModel realm) {
        return shownIn(RealmObjects.of(session, realm));
    }

    ShownRestrictions shownIn(RealmObjects objects) {
        Map<ObjectName, Optional<ObjectName>> present = new LinkedHashMap<>();
        named.names().forEach(name -> present.put(name, present(name, objects)));
        Set<ObjectName> live =
                present.values().stream().flatMap(Optional::stream).collect(Collectors.toSet());
        List<String> missing = present.entrySet().stream()
                .filter(each -> each.getValue().isEmpty() && !live.contains(each.getKey()))
                .map(each -> each.getKey().path())
                .toList();
        return new ShownRestrictions(
                named.renamed(
                        name -> present.getOrDefault(name, Optional.empty()).or(() -> Optional.of(name))),
                missing);
    }

    private Optional<ObjectName> present(ObjectName name, RealmObjects objects) {
        return ids.of(name)
                .map(id -> objects.name(name.kind(), id))
                .orElseGet(() -> objects.id(name).map(id -> name));
    }

    /**
     * Returns these restrictions changed by a merge patch, as {@link Restrictions#patched}. The names in the patch have
     * no ids yet.
     *
     * @throws InvalidKeyException if a part is malformed
     */
    public StoredRestrictions patched(ObjectNode patch) throws InvalidKeyException {
        return new StoredRestrictions(
                named.patched(patch), ids.where(name -> !patch.has(name.kind().part())));
    }

    /** Returns these restrictions, with each part that is null replaced by that of the others. */
    public StoredRestrictions completedBy(StoredRestrictions other) {
        Set<String> own = named.values().keySet();
        return new StoredRestrictions(
                named.completedBy(other.named),
                ids.and(other.ids.where(name -> !own.contains(name.kind().part()))));
    }

    /**
     * Returns these restrictions with the ids of the objects that have their names now. A name of an object that no
     * longer exists keeps the id that the current restrictions have for it.
     */
    StoredRestrictions bound(StoredRestrictions current, RealmObjects objects) {
        Map<ObjectName, String> found = new HashMap<>();
        for (ObjectName name : named.names()) {
            if (ids.of(name).isEmpty()) {
                objects.id(name).or(() -> current.idOfMissing(name, objects)).ifPresent(id -> found.put(name, id));
            }
        }
        return new StoredRestrictions(named, ids.and(new ObjectIds(found)));
    }

    private Optional<String> idOfMissing(ObjectName name, RealmObjects objects) {
        return ids.of(name).filter(id -> objects.name(name.kind(), id).isEmpty());
    }

    /**
     * Returns the names that do not stand for what the current restrictions name already, with their ids if they have
     * one.
     */
    Map<ObjectName, Optional<String>> added(StoredRestrictions current, RealmObjects objects) {
        StoredRestrictions before = current.bound(current, objects);
        Set<Object> known = before.named.names().stream().map(before::identity).collect(Collectors.toSet());
        Map<ObjectName, Optional<String>> added = new LinkedHashMap<>();
        named.names().stream()
                .filter(name -> !known.contains(identity(name)))
                .forEach(name -> added.put(name, ids.of(name)));
        return added;
    }

    /** Returns what a name stands for: the object that has an id, or else any that has the name. */
    private Object identity(ObjectName name) {
        return ids.of(name).<Object>map(id -> Map.entry(name.kind(), id)).orElse(name);
    }

    /** Returns whether there are no restrictions. */
    public boolean isNone() {
        return named.isNone();
    }

    /** Returns the names, which mean nothing until they are looked up. */
    Restrictions named() {
        return named;
    }

    /** Returns the names in JSON. */
    @JsonValue
    Map<String, Object> names() {
        return named.values();
    }

    /** Returns the ids that are known, if there are any. */
    public @Nullable ObjectIds ids() {
        return ids.isEmpty() ? null : ids;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredRestrictions stored && stored.named.equals(named) && stored.ids.equals(ids);
    }

    @Override
    public int hashCode() {
        return Objects.hash(named, ids);
    }

    @Override
    public String toString() {
        return named + " " + ids;
    }
}
