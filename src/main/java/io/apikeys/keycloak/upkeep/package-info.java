/** What is done now and then, without anybody asking: expired keys, reminders, records that are missing. */
@NullMarked
package io.apikeys.keycloak.upkeep;

import org.jspecify.annotations.NullMarked;
