package io.apikeys.keycloak.rest.alerts;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * A text that GitHub takes for a key.
 *
 * @param token the text
 * @param type the name under which the pattern of keys is registered at GitHub
 * @param url the address where the text was found; may be empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record LeakAlert(
        String token, @Nullable String type, @Nullable String url) {}
