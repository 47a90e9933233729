package io.apikeys.keycloak.rest.account;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a user cannot change or make keys of their own. The name in JSON is for programs. */
enum Obstacle {
    @JsonProperty("keys_disabled")
    KEYS_DISABLED("API keys are not enabled in this realm.", false),

    @JsonProperty("role_missing")
    ROLE_MISSING("The token lacks role manage-account of client account.", false),

    @JsonProperty("key_session")
    KEY_SESSION("A session that was opened with an API key cannot change API keys.", true),

    @JsonProperty("policy_unreadable")
    POLICY_UNREADABLE("The realm's policy for API keys cannot be read.", false),

    @JsonProperty("administrators_only")
    ADMINISTRATORS_ONLY("Only administrators make, rotate and enable API keys in this realm.", false),

    @JsonProperty("impersonated")
    IMPERSONATED("Nobody can make, rotate or enable API keys while impersonating a user.", true),

    /** Does not stand in the way of rotating a key, or of enabling one. */
    @JsonProperty("too_many_keys")
    TOO_MANY_KEYS("The user already has as many API keys as a user may have.", false);

    private final String message;
    private final boolean noted;

    Obstacle(String message, boolean noted) {
        this.message = message;
        this.noted = noted;
    }

    /** Returns what an error says. */
    String message() {
        return message;
    }

    /** Returns whether an attempt is noted in the realm's events. */
    boolean isNoted() {
        return noted;
    }
}
