package io.apikeys.keycloak.management;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.key.ApiKey;

/**
 * A key at the only moment at which it can be told.
 *
 * @param key the raw key, for the one answer that hands it out
 * @param credential what is stored of it
 */
public record IssuedKey(ApiKey key, ApiKeyCredentialModel credential) {}
