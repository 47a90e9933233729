/** Keycloak's login protocols: OpenID Connect, whose revocation endpoint takes keys, and SAML, which keeps to what a key allows. */
package io.apikeys.keycloak.internals.protocol;
