/** The link between a key and the sessions that were opened with it. */
@NullMarked
package io.apikeys.keycloak.session;

import org.jspecify.annotations.NullMarked;
