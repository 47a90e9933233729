package io.apikeys.keycloak.restriction;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.InvalidKeyException;

/** The part whose value is the alias of an organization of the holder. */
record OrganizationPart(String name) implements RestrictionPart<String> {

    @Override
    public String read(JsonNode json) throws InvalidKeyException {
        if (!json.isTextual()) {
            throw invalid("Must be a string.");
        }
        return json.textValue();
    }

    @Override
    public boolean isWithin(String value, String other) {
        return value.equals(other);
    }

    @Override
    public void check(String value, String current, RestrictionRules rules) throws InvalidKeyException {
        if (!value.equals(current) && rules.organizations().find(value).isEmpty()) {
            throw invalid("The holder is not a member of organization '" + value + "'.");
        }
    }
}
