/** The settings that a realm makes for all of its keys. */
@NullMarked
package io.apikeys.keycloak.policy;

import org.jspecify.annotations.NullMarked;
