package io.apikeys.keycloak.rest.api;

import io.apikeys.keycloak.credential.Authority;
import io.apikeys.keycloak.restriction.Restrictions;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings of a key in requests, and the authority that each requires. {@link KeyRequests} reads them. */
public enum KeyField {
    NAME("name", Authority.HOLDER, false),
    ENABLED("enabled", Authority.HOLDER, false),
    EXPIRES_IN("expiresIn", Authority.HOLDER, true),
    EXPIRES_AT("expiresAt", Authority.HOLDER, true),
    RESTRICTIONS(Restrictions.FIELD, Authority.HOLDER, true),
    LIMITS("limits", Authority.ADMINISTRATOR, true),
    METADATA("metadata", Authority.ADMINISTRATOR, true);

    private final String json;
    private final Authority authority;
    private final boolean mayGiveMore;

    /**
     * Creates a field.
     *
     * @param authority the least authority that may set the field
     * @param mayGiveMore whether a change of the field may allow the key more than before
     */
    KeyField(String json, Authority authority, boolean mayGiveMore) {
        this.json = json;
        this.authority = authority;
        this.mayGiveMore = mayGiveMore;
    }

    /** Returns the name of the field in JSON. */
    public String json() {
        return json;
    }

    /**
     * Returns the fields of a request that issues a key.
     *
     * @param others the fields of the request that are not settings of the key
     */
    public static Set<String> ofNew(Authority caller, String... others) {
        return Stream.concat(names(field -> field.isSetBy(caller) && field != ENABLED), Stream.of(others))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the fields of a request that changes a key. */
    public static Set<String> ofChange(Authority caller) {
        return names(field -> field.isSetBy(caller)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns whether a change may allow a key more than before. A change that only renames or disables the key does
     * not.
     */
    public static boolean mayGiveMore(JsonBody change) {
        return names(field -> field.mayGiveMore).anyMatch(change::has)
                || Boolean.TRUE.equals(change.bool(ENABLED.json));
    }

    private boolean isSetBy(Authority caller) {
        return authority == Authority.HOLDER || caller == Authority.ADMINISTRATOR;
    }

    private static Stream<String> names(Predicate<KeyField> included) {
        return Stream.of(values()).filter(included).map(KeyField::json);
    }
}
