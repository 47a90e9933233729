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

/** The part whose value is the alias of an organization of the holder; no alias if it no longer exists. */
record OrganizationPart() implements RestrictionPart<Set<String>> {

    @Override
    public String name() {
        return ObjectKind.ORGANIZATION.part();
    }

    @Override
    public Set<String> read(JsonNode json) throws InvalidKeyException {
        if (!json.isTextual()) {
            throw invalid("Must be a string.");
        }
        return Set.of(json.textValue());
    }

    @Override
    public @Nullable Object json(Set<String> value) {
        return value.stream().findFirst().orElse(null);
    }

    @Override
    public boolean isWithin(Set<String> value, Set<String> other) {
        return other.containsAll(value);
    }

    @Override
    public Stream<ObjectName> names(Set<String> value) {
        return value.stream().map(ObjectKind.ORGANIZATION::named);
    }

    @Override
    public Set<String> renamed(Set<String> value, Function<ObjectName, Optional<ObjectName>> other) {
        return RestrictionPart.renamed(names(value), other);
    }

    @Override
    public void check(Set<String> value, @Nullable Set<String> current, RestrictionRules rules) {}
}
