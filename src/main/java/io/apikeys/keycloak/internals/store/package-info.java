/** Layers around Keycloak's stores, through which a request reaches the holder of a key. */
package io.apikeys.keycloak.internals.store;
