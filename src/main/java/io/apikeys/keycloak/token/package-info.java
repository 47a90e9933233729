/** What tokens say about the key behind them. */
package io.apikeys.keycloak.token;
