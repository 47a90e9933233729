/** Users manage their own keys. */
package io.apikeys.keycloak.rest.account;
