/** The key as a Keycloak credential of its holder, and the format in which it is stored. */
package io.apikeys.keycloak.credential;
