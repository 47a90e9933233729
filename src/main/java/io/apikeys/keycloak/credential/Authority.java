package io.apikeys.keycloak.credential;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The authority by which a key is changed. An administrator may undo a change by the holder; a holder may not undo a
 * change by an administrator.
 */
public enum Authority {
    @JsonProperty("administrator")
    ADMINISTRATOR,

    @JsonProperty("holder")
    HOLDER
}
