/** Stored credentials as database rows: locked, and written where Keycloak's own API does not write them. */
package io.apikeys.keycloak.internals.credential;
