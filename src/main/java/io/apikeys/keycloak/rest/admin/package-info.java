/** The REST resources with which administrators manage the keys of a realm. */
@NullMarked
package io.apikeys.keycloak.rest.admin;

import org.jspecify.annotations.NullMarked;
