package io.apikeys.keycloak.restriction;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.restriction.object.ObjectKind;
import io.apikeys.keycloak.restriction.object.ObjectName;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A part whose value is a set of names of objects of the realm. */
record NamesPart(ObjectKind kind) implements RestrictionPart<Set<String>> {

    @Override
    public String name() {
        return kind.part();
    }

    @Override
    public Set<String> read(JsonNode json) throws InvalidKeyException {
        return RestrictionPart.names(name(), json);
    }

    @Override
    public boolean isWithin(Set<String> value, Set<String> other) {
        return other.containsAll(value);
    }

    @Override
    public Stream<ObjectName> names(Set<String> value) {
        return value.stream().map(kind::named);
    }

    @Override
    public Set<String> renamed(Set<String> value, Function<ObjectName, Optional<ObjectName>> other) {
        return RestrictionPart.renamed(names(value), other);
    }

    @Override
    public void check(Set<String> value, @Nullable Set<String> current, RestrictionRules rules)
            throws InvalidKeyException {
        RestrictionPart.requireFew(name(), value);
    }
}
