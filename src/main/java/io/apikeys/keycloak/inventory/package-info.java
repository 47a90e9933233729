/** The list of all keys of a realm, in tables beside the credentials. */
package io.apikeys.keycloak.inventory;
