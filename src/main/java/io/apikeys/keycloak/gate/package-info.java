/** Lets a request that acts for a key reach only the endpoints that are listed for keys. */
@NullMarked
package io.apikeys.keycloak.gate;

import org.jspecify.annotations.NullMarked;
