/** The roles of its holder that a key allows. */
@NullMarked
package io.apikeys.keycloak.restriction.roles;

import org.jspecify.annotations.NullMarked;
