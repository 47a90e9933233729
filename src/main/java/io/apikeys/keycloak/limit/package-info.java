/** Rate limits and quotas of keys, which nodes lease from the database. */
@NullMarked
package io.apikeys.keycloak.limit;

import org.jspecify.annotations.NullMarked;
