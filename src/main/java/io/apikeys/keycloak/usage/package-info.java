/** What changes with every use of a key, in tables of its own: last use, limits, and the inventory that is searched. */
package io.apikeys.keycloak.usage;
