/** The one verifier that every door asks, and its answers. */
package io.apikeys.keycloak.verify;
