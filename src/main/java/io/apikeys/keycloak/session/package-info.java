/** The link between a key and the sessions that were opened with it. */
package io.apikeys.keycloak.session;
