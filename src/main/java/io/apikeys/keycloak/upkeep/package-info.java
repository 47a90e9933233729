/** What is done now and then, without anybody asking: expired keys, reminders, records that are missing. */
package io.apikeys.keycloak.upkeep;
