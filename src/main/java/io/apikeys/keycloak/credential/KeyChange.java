package io.apikeys.keycloak.credential;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.usage.Limits;
import java.util.Optional;

/**
 * What is to be changed of a key; what is null stays as it is.
 *
 * @param metadata nothing to leave it; an empty object to take it away
 */
public record KeyChange(
        String name, Boolean enabled, Restrictions restrictions, Limits limits, Optional<ObjectNode> metadata) {}
