/**
 * Keycloak's login protocols: OpenID Connect, whose revocation endpoint accepts keys, and SAML, restricted to what a
 * key allows.
 */
@NullMarked
package io.apikeys.keycloak.internals.protocol;

import org.jspecify.annotations.NullMarked;
