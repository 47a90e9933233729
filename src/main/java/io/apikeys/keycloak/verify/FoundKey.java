package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ReadableKey;
import org.keycloak.models.UserModel;

/** A key of this realm whose secret was presented, and its holder. */
public record FoundKey(UserModel holder, ReadableKey key) {}
