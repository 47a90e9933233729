/** What tests are written with: a real Keycloak, realms in it, programs and browsers that talk to it. */
package io.apikeys.keycloak.support;
