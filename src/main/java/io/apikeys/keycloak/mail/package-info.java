/** E-mails to the holders of keys. */
@NullMarked
package io.apikeys.keycloak.mail;

import org.jspecify.annotations.NullMarked;
