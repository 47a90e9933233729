/** The doors that run one of Keycloak's authentication flows. */
package io.apikeys.keycloak.login;
