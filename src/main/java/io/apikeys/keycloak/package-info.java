/** Implementations of Keycloak's interfaces that several packages share. */
@NullMarked
package io.apikeys.keycloak;

import org.jspecify.annotations.NullMarked;
