/** How keys are made, changed, rotated, taken over and deleted, by whom and within which rules. */
@NullMarked
package io.apikeys.keycloak.management;

import org.jspecify.annotations.NullMarked;
