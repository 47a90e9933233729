/** The verifier of keys, shared by all doors, and its answers. */
@NullMarked
package io.apikeys.keycloak.verify;

import org.jspecify.annotations.NullMarked;
