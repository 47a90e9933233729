/** Lets a request that acts for a key reach only the endpoints that are listed for keys. */
package io.apikeys.keycloak.gate;
