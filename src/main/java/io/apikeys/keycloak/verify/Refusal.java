package io.apikeys.keycloak.verify;

import static java.util.Objects.requireNonNull;

import jakarta.ws.rs.core.Response.Status;
import java.util.Locale;
import org.keycloak.events.Errors;

/** The reasons to refuse a presented key, and the responses of each door. */
public enum Refusal {
    /** Not an API key: mistyped, truncated, or something else. */
    MALFORMED(Errors.INVALID_USER_CREDENTIALS, "apiKeyMalformed", Descriptions.NO_KEY, Status.UNAUTHORIZED),

    /** Well-formed, but not a key of this realm. */
    UNKNOWN(Errors.INVALID_USER_CREDENTIALS, "apiKeyUnknown", Descriptions.NO_KEY, Status.UNAUTHORIZED),

    /**
     * A valid key that the door does not accept: a key of another user, or one without a required role. The response is
     * that for an unknown key, except at the gateway check.
     */
    UNSUITABLE(Errors.INVALID_USER_CREDENTIALS, "apiKeyUnknown", Descriptions.NO_KEY, Status.FORBIDDEN),

    EXPIRED("api_key_expired", "apiKeyExpired", "API key expired", Status.UNAUTHORIZED),

    DISABLED("api_key_disabled", "apiKeyDisabled", "API key disabled", Status.UNAUTHORIZED),

    /** The holder's account is disabled, by an administrator or by a permanent lock-out. */
    HOLDER_DISABLED(Errors.USER_DISABLED, "apiKeyHolderDisabled", "Account disabled", Status.UNAUTHORIZED),

    /** Too many wrong passwords have temporarily locked the holder's account. */
    HOLDER_LOCKED(
            Errors.USER_TEMPORARILY_DISABLED,
            "apiKeyHolderLocked",
            "Account temporarily disabled",
            Status.UNAUTHORIZED),

    /** The user storage that holds the account cannot be reached. */
    HOLDER_UNAVAILABLE(
            "user_storage_unavailable",
            "apiKeyHolderUnavailable",
            "Account temporarily unavailable",
            Status.SERVICE_UNAVAILABLE),

    /** The key's restrictions exclude the client, the address of the request, or the holder's organizations. */
    NOT_ALLOWED_HERE(
            "api_key_not_allowed_here",
            "apiKeyNotAllowedHere",
            "API key not allowed for this client or address",
            Status.UNAUTHORIZED),

    /** The key has reached its rate limit. */
    RATE_LIMITED("api_key_rate_limited", "apiKeyRateLimited", "API key used too often", Status.TOO_MANY_REQUESTS),

    /** The key has used up its quota. */
    QUOTA_USED_UP("api_key_quota_used_up", "apiKeyQuotaUsedUp", "API key used up", Status.TOO_MANY_REQUESTS);

    private final String eventError;
    private final String messageKey;
    private final String description;
    private final Status status;
    private final String label = name().toLowerCase(Locale.ROOT);

    Refusal(String eventError, String messageKey, String description, Status status) {
        this.eventError = requireNonNull(eventError);
        this.messageKey = requireNonNull(messageKey);
        this.description = requireNonNull(description);
        this.status = requireNonNull(status);
    }

    /** Returns the error in Keycloak's event. */
    public String eventError() {
        return eventError;
    }

    /** Returns the key of the text that the login page shows, in this extension's theme messages. */
    public String messageKey() {
        return messageKey;
    }

    /** Returns the {@code error_description} for programs (RFC 6749, section 5.2). */
    public String description() {
        return description;
    }

    /** Returns the HTTP status of the gateway check. */
    public Status status() {
        return status;
    }

    /** Returns the name in metrics and logs. */
    public String label() {
        return label;
    }

    /** Constants that the constants of the enum need before its own static fields exist. */
    private static final class Descriptions {

        /** The same for every text that is no key of this realm, and the same as Keycloak's for wrong passwords. */
        private static final String NO_KEY = "Invalid user credentials";
    }
}
