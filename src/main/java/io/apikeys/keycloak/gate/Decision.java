package io.apikeys.keycloak.gate;

/** Whether a request that acts for a key may proceed. */
enum Decision {
    ALLOWED,

    /** The endpoint is closed to all keys, or to this one. */
    REFUSED,

    /** The endpoint would be open to the key, but the key has ended. */
    ENDED
}
