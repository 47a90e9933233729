/** Keycloak's data about a request: the session of its cookie or login, and when the user signed in. */
@NullMarked
package io.apikeys.keycloak.internals.request;

import org.jspecify.annotations.NullMarked;
