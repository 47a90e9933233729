/** The roles of its holder that a key allows. */
package io.apikeys.keycloak.restriction.roles;
