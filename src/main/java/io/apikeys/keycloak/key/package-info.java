/** What a key is: its format, its parts, its hash. Knows neither Keycloak nor any other package of this project. */
package io.apikeys.keycloak.key;
