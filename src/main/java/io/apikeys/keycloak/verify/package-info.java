/** The verifier of keys, shared by all doors, and its answers. */
package io.apikeys.keycloak.verify;
