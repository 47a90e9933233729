/** Keycloak's own login steps, restricted to what a key allows. */
package io.apikeys.keycloak.internals.login;
