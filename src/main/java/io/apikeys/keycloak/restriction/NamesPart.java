package io.apikeys.keycloak.restriction;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.InvalidKeyException;
import java.util.Set;

/**
 * A part whose value is a set of names of objects of the realm.
 *
 * @param rule which names may be requested
 */
record NamesPart(String name, Rule rule) implements RestrictionPart<Set<String>> {

    /** Decides whether a name may be requested. */
    interface Rule {

        /**
         * Checks a name.
         *
         * @param field the field, for the error
         * @throws InvalidKeyException if it may not be requested
         */
        void check(RestrictionRules rules, String field, String name) throws InvalidKeyException;
    }

    @Override
    public Set<String> read(JsonNode json) throws InvalidKeyException {
        return RestrictionPart.names(name, json);
    }

    @Override
    public boolean isWithin(Set<String> value, Set<String> other) {
        return other.containsAll(value);
    }

    @Override
    public void check(Set<String> value, Set<String> current, RestrictionRules rules) throws InvalidKeyException {
        for (String added : RestrictionPart.added(name, value, current)) {
            rule.check(rules, name, added);
        }
    }
}
