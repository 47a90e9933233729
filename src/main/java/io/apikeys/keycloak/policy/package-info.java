/** The settings that a realm makes for all of its keys. */
package io.apikeys.keycloak.policy;
