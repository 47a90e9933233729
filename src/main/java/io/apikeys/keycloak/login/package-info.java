/** The steps of Keycloak's authentication flows that accept a key, and the page on which users create one. */
@NullMarked
package io.apikeys.keycloak.login;

import org.jspecify.annotations.NullMarked;
