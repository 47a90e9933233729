/** The REST resources with which users manage their own keys. */
@NullMarked
package io.apikeys.keycloak.rest.account;

import org.jspecify.annotations.NullMarked;
