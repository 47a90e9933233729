/** The format of a key, its parts and its hash. Depends on neither Keycloak nor any other package of this project. */
@NullMarked
package io.apikeys.keycloak.key;

import org.jspecify.annotations.NullMarked;
