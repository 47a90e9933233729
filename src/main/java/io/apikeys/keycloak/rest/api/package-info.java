/** What the REST resources share: bodies, representations and errors. */
package io.apikeys.keycloak.rest.api;
