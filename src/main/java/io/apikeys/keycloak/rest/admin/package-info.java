/** The REST resources with which administrators manage the keys of a realm. */
package io.apikeys.keycloak.rest.admin;
