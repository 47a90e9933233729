/** Layers around Keycloak's stores, through which a request reaches the holder of a key. */
@NullMarked
package io.apikeys.keycloak.internals.store;

import org.jspecify.annotations.NullMarked;
