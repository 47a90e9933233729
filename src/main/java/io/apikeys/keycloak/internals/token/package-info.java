/** Keycloak's token endpoint, introspection, userinfo and SAML protocol, restricted to what a key allows. */
package io.apikeys.keycloak.internals.token;
