/** Receives alerts about leaked keys from services that look for secrets in public places, and revokes those keys. */
@NullMarked
package io.apikeys.keycloak.rest.alerts;

import org.jspecify.annotations.NullMarked;
