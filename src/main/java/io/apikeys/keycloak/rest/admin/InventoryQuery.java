package io.apikeys.keycloak.rest.admin;

import io.apikeys.keycloak.inventory.Inventory.Filter;
import io.apikeys.keycloak.inventory.Inventory.Order;
import io.apikeys.keycloak.inventory.Inventory.SortKey;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.rest.api.IsoTime;
import io.apikeys.keycloak.rest.api.Page;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The query parameters of a list of keys. */
record InventoryQuery(MultivaluedMap<String, String> parameters) {

    private static final String SORT = "sort";

    private static final Map<String, SortKey> SORT_KEYS = Map.of(
            "createdAt", SortKey.CREATED_AT,
            "expiresAt", SortKey.EXPIRES_AT,
            "lastUsedAt", SortKey.LAST_USED_AT,
            "name", SortKey.NAME,
            "username", SortKey.USERNAME);

    Filter filter() {
        String search = parameters.getFirst("search");
        return new Filter(
                parameters.getFirst("userId"),
                search == null || search.isBlank() ? null : search.strip(),
                IsoTime.read("expiresBefore", parameters.getFirst("expiresBefore")),
                IsoTime.read("unusedSince", parameters.getFirst("unusedSince")),
                flag("disabled"),
                flag("limited"),
                flag("serviceAccount"));
    }

    /** Reads the order, which is the name of a field, after a minus sign if it is descending. */
    Order order() {
        String sort = parameters.getFirst(SORT);
        if (sort == null) {
            return Order.NEWEST_FIRST;
        }
        boolean descending = sort.startsWith("-");
        SortKey key = SORT_KEYS.get(descending ? sort.substring(1) : sort);
        if (key == null) {
            throw ApiErrors.badRequest(
                    SORT,
                    "Must be one of "
                            + String.join(
                                    ", ", SORT_KEYS.keySet().stream().sorted().toList())
                            + ", with a minus sign in front for descending order.");
        }
        return new Order(key, descending);
    }

    Page page() {
        return Page.of(parameters.getFirst("first"), parameters.getFirst("max"));
    }

    private @Nullable Boolean flag(String name) {
        String value = parameters.getFirst(name);
        if (value == null) {
            return null;
        }
        if (!value.equals("true") && !value.equals("false")) {
            throw ApiErrors.badRequest(name, "Must be true or false.");
        }
        return Boolean.valueOf(value);
    }
}
