/** The objects of a realm that restrictions name, such as roles and clients: their names and ids. */
package io.apikeys.keycloak.restriction.object;
