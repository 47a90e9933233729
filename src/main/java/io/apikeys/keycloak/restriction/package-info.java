/** The restrictions of a key: roles, clients, scopes, addresses, an organization. */
package io.apikeys.keycloak.restriction;
