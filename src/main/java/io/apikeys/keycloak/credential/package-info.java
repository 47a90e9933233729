/** The key as a Keycloak credential of its holder: what is stored, how it is made and changed, and the realm's policy. */
package io.apikeys.keycloak.credential;
