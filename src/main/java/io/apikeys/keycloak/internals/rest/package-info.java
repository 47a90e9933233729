/** Keycloak functions that this extension's REST API calls: bearer tokens, new users, token exchange for a gateway. */
@NullMarked
package io.apikeys.keycloak.internals.rest;

import org.jspecify.annotations.NullMarked;
