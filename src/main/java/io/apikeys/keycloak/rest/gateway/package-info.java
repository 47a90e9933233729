/** Gateways ask whether to let a request through. */
package io.apikeys.keycloak.rest.gateway;
