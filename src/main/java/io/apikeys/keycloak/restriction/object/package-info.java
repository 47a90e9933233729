/** The objects of a realm that restrictions name, such as roles and clients: their names and ids. */
@NullMarked
package io.apikeys.keycloak.restriction.object;

import org.jspecify.annotations.NullMarked;
