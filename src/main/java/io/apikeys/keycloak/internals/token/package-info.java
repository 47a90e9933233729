/** Keycloak's token endpoint, introspection, userinfo and SAML protocol, restricted to what a key allows. */
@NullMarked
package io.apikeys.keycloak.internals.token;

import org.jspecify.annotations.NullMarked;
