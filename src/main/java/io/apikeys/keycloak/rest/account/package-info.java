/** The REST resources with which users manage their own keys. */
package io.apikeys.keycloak.rest.account;
