package io.apikeys.keycloak.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.ModelToRepresentation;
import org.keycloak.util.JsonSerialization;

/**
 * The fields of an administration request that a key must not change, because the change would outlive the key.
 *
 * @param names the names of the fields
 * @param stored the current state of the changed object, as Keycloak represents it; a missing node if unknown or new
 */
record KeptFields(Set<String> names, JsonNode stored) {

    private static final String SERVICE_ACCOUNT = "serviceAccountsEnabled";

    /**
     * Returns the fields that a request may not change.
     *
     * @param realm the realm that the request administers
     */
    static KeptFields of(Route route, @Nullable RealmModel realm, KeycloakSession session) {
        Set<String> names = route.keptFields();
        if (names.isEmpty() || realm == null) {
            return new KeptFields(names, MissingNode.getInstance());
        }
        Optional<Object> stored = route.written("clients")
                .map(realm::getClientById)
                .<Object>map(client -> ModelToRepresentation.toRepresentation(client, session))
                .or(() -> route.written("client-scopes")
                        .map(realm::getClientScopeById)
                        .map(ModelToRepresentation::toRepresentation));
        return new KeptFields(
                names,
                stored.<JsonNode>map(JsonSerialization.mapper::valueToTree).orElseGet(MissingNode::getInstance));
    }

    /**
     * Returns whether the request changes a client with a service account. The settings of how such a client
     * authenticates decide who has the rights of the account; Keycloak stores them in any number of attributes.
     */
    boolean isOfServiceAccount() {
        return stored.path(SERVICE_ACCOUNT).asBoolean();
    }

    /**
     * Returns whether a request may have this body.
     *
     * @param body the body of the request; a body that is neither empty nor JSON is refused
     */
    boolean allow(byte[] body) {
        JsonNode json;
        try {
            json = JsonSerialization.mapper.readTree(body);
        } catch (IOException notJson) {
            return body.length == 0;
        }
        return json == null || names.stream().allMatch(name -> isKept(json.path(name), stored.path(name)));
    }

    private static boolean isKept(JsonNode value, JsonNode before) {
        if (value.isMissingNode() || value.isNull()) {
            return true;
        }
        return before.isMissingNode() ? isEmpty(value) : isSame(value, before);
    }

    private static boolean isEmpty(JsonNode value) {
        return (value.isContainerNode() && value.isEmpty()) || (value.isBoolean() && !value.booleanValue());
    }

    /** Compares lists as sets, because Keycloak's lists have no fixed order. */
    private static boolean isSame(JsonNode value, JsonNode before) {
        return (value.isArray() && before.isArray()) ? elements(value).equals(elements(before)) : value.equals(before);
    }

    private static Set<JsonNode> elements(JsonNode array) {
        Set<JsonNode> elements = new HashSet<>();
        array.forEach(elements::add);
        return elements;
    }
}
