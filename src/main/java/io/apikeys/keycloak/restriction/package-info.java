/** The restrictions of a key: roles, clients, scopes, addresses, an organization. */
@NullMarked
package io.apikeys.keycloak.restriction;

import org.jspecify.annotations.NullMarked;
