/** The REST resources below {@code /realms/{realm}/api-keys} and {@code /admin/realms/{realm}/api-keys}. */
package io.apikeys.keycloak.rest;
