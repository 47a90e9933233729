/** Keycloak's own login steps, restricted to what a key allows. */
@NullMarked
package io.apikeys.keycloak.internals.login;

import org.jspecify.annotations.NullMarked;
