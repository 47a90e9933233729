/** Rate limits and quotas of keys, which nodes lease from the database. */
package io.apikeys.keycloak.limit;
