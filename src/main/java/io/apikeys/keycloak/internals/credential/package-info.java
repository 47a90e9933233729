/** Stored credentials as database rows: locked, and written where Keycloak's own API does not write them. */
@NullMarked
package io.apikeys.keycloak.internals.credential;

import org.jspecify.annotations.NullMarked;
