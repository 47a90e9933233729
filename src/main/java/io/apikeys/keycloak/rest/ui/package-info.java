/** Serves the page on which users manage their keys, as modules that browsers load. */
package io.apikeys.keycloak.rest.ui;
