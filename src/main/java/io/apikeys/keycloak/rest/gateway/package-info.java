/**
 * The REST resources that take a key instead of a token: the check for gateways, and the rotation of a key by its user.
 */
@NullMarked
package io.apikeys.keycloak.rest.gateway;

import org.jspecify.annotations.NullMarked;
