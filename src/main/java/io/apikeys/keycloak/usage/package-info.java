/** When and how often a key was used, and the tables of this extension. */
@NullMarked
package io.apikeys.keycloak.usage;

import org.jspecify.annotations.NullMarked;
