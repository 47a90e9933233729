/** E-mails to the holders of keys. */
package io.apikeys.keycloak.mail;
