/**
 * Restricts the holder of a key in Keycloak's store while a request acts for that key: Keycloak sees only the roles
 * that the key allows, and changes to credentials are refused.
 */
@NullMarked
package io.apikeys.keycloak.holder;

import org.jspecify.annotations.NullMarked;
