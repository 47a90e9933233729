/** Token exchange with a key, and the protocol mapper that describes the key in tokens. */
@NullMarked
package io.apikeys.keycloak.token;

import org.jspecify.annotations.NullMarked;
