/** Managing keys over HTTP: self-service for the holder, and for administrators. */
package io.apikeys.keycloak.rest;
