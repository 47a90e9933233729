/** The REST resources below {@code /realms/{realm}/api-keys} and {@code /admin/realms/{realm}/api-keys}. */
@NullMarked
package io.apikeys.keycloak.rest;

import org.jspecify.annotations.NullMarked;
