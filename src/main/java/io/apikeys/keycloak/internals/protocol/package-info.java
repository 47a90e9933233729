/**
 * Keycloak's login protocols: OpenID Connect, whose revocation endpoint accepts keys, and SAML, restricted to what a
 * key allows.
 */
package io.apikeys.keycloak.internals.protocol;
