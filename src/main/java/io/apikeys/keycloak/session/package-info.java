/** The tie between a key and the sessions that it opened. */
package io.apikeys.keycloak.session;
