/** Serves the page on which users manage their keys, as modules that browsers load. */
@NullMarked
package io.apikeys.keycloak.rest.ui;

import org.jspecify.annotations.NullMarked;
