package io.apikeys.keycloak.restriction;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.restriction.object.ObjectName;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One part of the restrictions of a key: its name, its JSON, which values may be requested, and which of two values
 * allows more. The parts are listed in {@link Restrictions#PARTS}.
 *
 * @param <T> the type of its values, which are immutable, and whose JSON Jackson writes
 */
public sealed interface RestrictionPart<T> permits NamesPart, ClientRolesPart, AddressesPart, OrganizationPart {

    /**
     * The largest number of entries of a part: more than needed in practice, and few enough for the user cache, which
     * stores them.
     */
    int MAX_ENTRIES = 200;

    /** Returns the name of this part in JSON. */
    String name();

    /**
     * Reads a value.
     *
     * @param json neither missing nor null
     * @throws InvalidKeyException if it is not a value of this part
     */
    T read(JsonNode json) throws InvalidKeyException;

    /** Returns whether a value allows nothing that another value does not allow. */
    boolean isWithin(T value, T other);

    /** Returns a value as Jackson is to write it. */
    default @Nullable Object json(T value) {
        return value;
    }

    /** Returns the names of the objects that a value names. */
    Stream<ObjectName> names(T value);

    /**
     * Returns a value with other names.
     *
     * @param other returns the other name of an object; empty to leave it out
     */
    T renamed(T value, Function<ObjectName, Optional<ObjectName>> other);

    /**
     * Checks a requested value, except for the objects that it names.
     *
     * @param current null if the key is not restricted in this part
     * @throws InvalidKeyException if the value may not be requested
     */
    void check(T value, @Nullable T current, RestrictionRules rules) throws InvalidKeyException;

    /** Returns an error in this part. */
    default InvalidKeyException invalid(String message) {
        return invalid(name(), message);
    }

    /**
     * Returns an error in a part, or in a field of it.
     *
     * @param field the name of the part, and the names of its fields, separated by dots
     */
    static InvalidKeyException invalid(String field, String message) {
        return InvalidKeyException.badField(Restrictions.FIELD + "." + field, message);
    }

    /**
     * Reads a list of names.
     *
     * @param field the field, for errors
     */
    static SortedSet<String> names(String field, JsonNode json) throws InvalidKeyException {
        if (!json.isArray()) {
            throw invalid(field, "Must be a list.");
        }
        SortedSet<String> names = new TreeSet<>();
        for (JsonNode name : json) {
            if (!name.isTextual()) {
                throw invalid(field, "Must be a list of strings.");
            }
            names.add(name.textValue());
        }
        return Collections.unmodifiableSortedSet(names);
    }

    /**
     * Returns other names of objects, without those that have none, sorted.
     *
     * @param other returns the other name of an object; empty to leave it out
     */
    static SortedSet<String> renamed(Stream<ObjectName> names, Function<ObjectName, Optional<ObjectName>> other) {
        return Collections.unmodifiableSortedSet(names.map(other)
                .flatMap(Optional::stream)
                .map(ObjectName::name)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /**
     * Checks the number of entries.
     *
     * @param field the field, for the error
     * @throws InvalidKeyException if there are more than {@value #MAX_ENTRIES}
     */
    static void requireFew(String field, Collection<?> entries) throws InvalidKeyException {
        if (entries.size() > MAX_ENTRIES) {
            throw invalid(field, "May have at most " + MAX_ENTRIES + " entries.");
        }
    }
}
