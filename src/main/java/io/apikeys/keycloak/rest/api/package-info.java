/** The request bodies, representations and errors that the REST resources share. */
package io.apikeys.keycloak.rest.api;
