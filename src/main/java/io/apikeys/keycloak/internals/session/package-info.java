/** Keycloak's sessions: how they end with their key, and how a login continues one by single sign-on. */
package io.apikeys.keycloak.internals.session;
