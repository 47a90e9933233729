/**
 * All code that extends, wraps, copies or calls what is not Keycloak's SPI. Review it first when upgrading Keycloak.
 */
@NullMarked
package io.apikeys.keycloak.internals;

import org.jspecify.annotations.NullMarked;
