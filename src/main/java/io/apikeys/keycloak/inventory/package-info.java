/** The list of all keys of a realm, in tables beside the credentials. */
@NullMarked
package io.apikeys.keycloak.inventory;

import org.jspecify.annotations.NullMarked;
