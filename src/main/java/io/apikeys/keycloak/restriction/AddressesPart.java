package io.apikeys.keycloak.restriction;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.restriction.object.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The part whose value is blocks of IP addresses. */
record AddressesPart(String name) implements RestrictionPart<List<AddressBlock>> {

    @Override
    public List<AddressBlock> read(JsonNode json) throws InvalidKeyException {
        List<AddressBlock> blocks = new ArrayList<>();
        for (String text : RestrictionPart.names(name, json)) {
            try {
                blocks.add(AddressBlock.parse(text));
            } catch (IllegalArgumentException malformed) {
                throw invalid("'" + text + "' is not an address block such as 192.0.2.0/24 or 2001:db8::/32.");
            }
        }
        return List.copyOf(blocks);
    }

    @Override
    public boolean isWithin(List<AddressBlock> value, List<AddressBlock> other) {
        return value.stream().allMatch(block -> other.stream().anyMatch(each -> each.contains(block)));
    }

    @Override
    public Stream<ObjectName> names(List<AddressBlock> value) {
        return Stream.empty();
    }

    @Override
    public List<AddressBlock> renamed(List<AddressBlock> value, Function<ObjectName, Optional<ObjectName>> other) {
        return value;
    }

    @Override
    public void check(List<AddressBlock> value, @Nullable List<AddressBlock> current, RestrictionRules rules)
            throws InvalidKeyException {
        RestrictionPart.requireFew(name, value);
    }
}
