package io.apikeys.keycloak.restriction;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.restriction.object.ObjectKind;
import io.apikeys.keycloak.restriction.object.ObjectName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The restrictions of a key, with names that objects have now; {@link StoredRestrictions#in} returns them. A part that is
 * null restricts nothing, and a part that is empty allows nothing. A name that no object has allows nothing, either.
 * Immutable.
 */
public final class Restrictions {

    /** The name of the restrictions in a key's JSON. */
    public static final String FIELD = "restrictions";

    /** The names of realm roles; a composite role includes its composites. */
    public static final RestrictionPart<Set<String>> REALM_ROLES = new NamesPart(ObjectKind.REALM_ROLE);

    /** The names of client roles, by client id. */
    public static final RestrictionPart<Map<String, Set<String>>> CLIENT_ROLES = new ClientRolesPart();

    /** The names of client scopes. */
    public static final RestrictionPart<Set<String>> SCOPES = new NamesPart(ObjectKind.CLIENT_SCOPE);

    /** The ids of the clients that may use the key. */
    public static final RestrictionPart<Set<String>> CLIENTS = new NamesPart(ObjectKind.CLIENT);

    /** The addresses from which the key may be used. */
    public static final RestrictionPart<List<AddressBlock>> CIDRS = new AddressesPart("cidrs");

    /** The alias of the only organization of its holder that the key is for; no alias if that no longer exists. */
    public static final RestrictionPart<Set<String>> ORGANIZATION = new OrganizationPart();

    /** All parts, in the order in which they are written and checked. */
    public static final List<RestrictionPart<?>> PARTS =
            List.of(REALM_ROLES, CLIENT_ROLES, SCOPES, CLIENTS, CIDRS, ORGANIZATION);

    /** The names of all parts. */
    public static final Set<String> NAMES =
            PARTS.stream().map(RestrictionPart::name).collect(Collectors.toUnmodifiableSet());

    /** No restrictions. */
    public static final Restrictions NONE = new Restrictions(Map.of());

    /** The values by part; those that are {@link Lazy} are determined when they are first needed. */
    private final Map<String, Object> values;

    private Restrictions(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * Reads restrictions as they are stored.
     *
     * @throws InvalidKeyException if a part is malformed or not known
     */
    static Restrictions read(ObjectNode json) throws InvalidKeyException {
        for (Map.Entry<String, JsonNode> part : json.properties()) {
            if (!NAMES.contains(part.getKey())) {
                throw RestrictionPart.invalid(part.getKey(), "There is no such part.");
            }
        }
        return NONE.patched(json);
    }

    /**
     * Returns these restrictions changed by a merge patch (RFC 7396): a part that is absent remains, a part that is
     * null is removed, and any other part is replaced.
     *
     * @param patch contains only members in {@link #NAMES}
     * @throws InvalidKeyException if a part is malformed
     */
    public Restrictions patched(ObjectNode patch) throws InvalidKeyException {
        Restrictions patched = this;
        for (RestrictionPart<?> part : PARTS) {
            if (patch.has(part.name())) {
                patched = patched.withRead(part, patch.get(part.name()));
            }
        }
        return patched;
    }

    private <T> Restrictions withRead(RestrictionPart<T> part, JsonNode json) throws InvalidKeyException {
        return with(part, json.isNull() ? null : part.read(json));
    }

    /**
     * Returns the value of a part; null if it restricts nothing.
     *
     * @param <T> the type of its value
     */
    @SuppressWarnings("unchecked") // with() and renamed() put no value of another type there
    public <T> @Nullable T get(RestrictionPart<T> part) {
        Object value = values.get(part.name());
        return (T) (value instanceof Lazy lazy ? lazy.get() : value);
    }

    /**
     * Returns a copy with another value of a part.
     *
     * @param <T> the type of its value
     * @param value null to restrict nothing
     */
    public <T> Restrictions with(RestrictionPart<T> part, @Nullable T value) {
        Map<String, Object> changed = new LinkedHashMap<>();
        for (RestrictionPart<?> each : PARTS) {
            Object kept = each == part ? value : values.get(each.name());
            if (kept != null) {
                changed.put(each.name(), kept);
            }
        }
        return changed.isEmpty() ? NONE : new Restrictions(Collections.unmodifiableMap(changed));
    }

    /** Returns the names of all objects that these restrictions name. */
    Set<ObjectName> names() {
        return PARTS.stream().flatMap(this::names).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private <T> Stream<ObjectName> names(RestrictionPart<T> part) {
        T value = get(part);
        return value == null ? Stream.empty() : part.names(value);
    }

    /**
     * Returns these restrictions with other names. A part is looked at only when it is needed.
     *
     * @param other returns the other name of an object; empty to leave it out
     */
    Restrictions renamed(Function<ObjectName, Optional<ObjectName>> other) {
        Map<String, Object> renamed = new LinkedHashMap<>();
        for (RestrictionPart<?> part : PARTS) {
            if (values.containsKey(part.name())) {
                renamed.put(part.name(), renamed(part, other));
            }
        }
        return new Restrictions(Collections.unmodifiableMap(renamed));
    }

    private <T> Lazy renamed(RestrictionPart<T> part, Function<ObjectName, Optional<ObjectName>> other) {
        return new Lazy(() -> part.renamed(value(part), other));
    }

    /** A value that is determined when it is first needed. */
    private static final class Lazy {

        private final Supplier<Object> source;
        private @Nullable Object value;

        Lazy(Supplier<Object> source) {
            this.source = source;
        }

        Object get() {
            if (value == null) {
                value = source.get();
            }
            return value;
        }
    }

    /** Returns these restrictions, with each part that is null replaced by that of the others. */
    public Restrictions completedBy(Restrictions other) {
        Restrictions completed = this;
        for (RestrictionPart<?> part : PARTS) {
            completed = completed.completedBy(other, part);
        }
        return completed;
    }

    private <T> Restrictions completedBy(Restrictions other, RestrictionPart<T> part) {
        return get(part) == null && other.get(part) != null ? with(part, other.get(part)) : this;
    }

    /** Returns the first part in which these restrictions allow more than the others. */
    public @Nullable RestrictionPart<?> partWidenedAgainst(Restrictions other) {
        return PARTS.stream()
                .filter(part -> isWidenedAgainst(other, part))
                .findFirst()
                .orElse(null);
    }

    private <T> boolean isWidenedAgainst(Restrictions other, RestrictionPart<T> part) {
        T value = get(part);
        T bound = other.get(part);
        return bound != null && (value == null || !part.isWithin(value, bound));
    }

    /** Returns whether there are no restrictions. */
    public boolean isNone() {
        return values.isEmpty();
    }

    /**
     * Returns whether a client may use the key.
     *
     * @param clientId null for no client, which is allowed only if all clients are
     */
    public boolean allowsClient(@Nullable String clientId) {
        Set<String> clients = get(CLIENTS);
        return clients == null || (clientId != null && clients.contains(clientId));
    }

    /**
     * Returns whether the key may be used from an address.
     *
     * @param address a numeric address, if it is known
     */
    public boolean allowsAddress(@Nullable String address) {
        List<AddressBlock> blocks = get(CIDRS);
        return blocks == null || (address != null && blocks.stream().anyMatch(block -> block.contains(address)));
    }

    /** Returns whether tokens of the key may have a client scope. */
    public boolean allowsScope(String name) {
        Set<String> scopes = get(SCOPES);
        return scopes == null || scopes.contains(name);
    }

    /** Returns whether the holder may act as a member of an organization. */
    public boolean allowsOrganization(String alias) {
        Set<String> aliases = get(ORGANIZATION);
        return aliases == null || aliases.contains(alias);
    }

    /** Returns the values of the parts that restrict something, by name. They are also the JSON. */
    @JsonValue
    Map<String, Object> values() {
        Map<String, Object> json = new LinkedHashMap<>();
        for (RestrictionPart<?> part : PARTS) {
            if (values.containsKey(part.name())) {
                json.put(part.name(), json(part));
            }
        }
        return json;
    }

    private <T> @Nullable Object json(RestrictionPart<T> part) {
        return part.json(value(part));
    }

    /** Returns the value of a part that restricts something. */
    private <T> T value(RestrictionPart<T> part) {
        return Objects.requireNonNull(get(part));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Restrictions restrictions
                && restrictions.values().equals(values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "Restrictions" + values();
    }
}
