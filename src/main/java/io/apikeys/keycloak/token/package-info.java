/** Token exchange with a key, and the protocol mapper that describes the key in tokens. */
package io.apikeys.keycloak.token;
