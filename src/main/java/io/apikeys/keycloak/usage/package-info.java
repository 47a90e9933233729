/** When and how often a key was used, and the tables of this extension. */
package io.apikeys.keycloak.usage;
