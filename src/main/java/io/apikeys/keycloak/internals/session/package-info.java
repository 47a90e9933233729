/** Keycloak's sessions: how they end with their key, and how a login continues one by single sign-on. */
@NullMarked
package io.apikeys.keycloak.internals.session;

import org.jspecify.annotations.NullMarked;
