/** The request bodies, representations and errors that the REST resources share. */
@NullMarked
package io.apikeys.keycloak.rest.api;

import org.jspecify.annotations.NullMarked;
