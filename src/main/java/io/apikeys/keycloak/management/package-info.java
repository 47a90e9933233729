/** How keys are made, changed, rotated, taken over and deleted, by whom and within which rules. */
package io.apikeys.keycloak.management;
