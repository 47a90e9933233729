/** The key as a Keycloak credential of its holder, and the format in which it is stored. */
@NullMarked
package io.apikeys.keycloak.credential;

import org.jspecify.annotations.NullMarked;
