package io.apikeys.keycloak.key;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Thrown if a request about a key is refused. The message is meant for the caller. */
public final class InvalidKeyException extends Exception {

    private static final long serialVersionUID = 1L;

    /** The kind of refusal. */
    public enum Kind {
        /** The request is invalid. */
        INVALID,
        /** The caller lacks the permission. */
        FORBIDDEN,
        /** The key does not exist, or no longer does. */
        GONE,
        /** The request is valid in itself, but conflicts with existing data. */
        CONFLICT
    }

    private final Kind kind;
    private final @Nullable String field;
    private final String messageKey;

    private InvalidKeyException(Kind kind, @Nullable String field, String messageKey, String message) {
        super(message);
        this.kind = kind;
        this.field = field;
        this.messageKey = messageKey;
    }

    public static InvalidKeyException badField(String field, String message) {
        return badField(field, "apiKeyInvalid", message);
    }

    /**
     * Returns an error in one field.
     *
     * @param messageKey see {@link #messageKey()}
     */
    public static InvalidKeyException badField(String field, String messageKey, String message) {
        return new InvalidKeyException(Kind.INVALID, field, messageKey, message);
    }

    public static InvalidKeyException conflict(@Nullable String field, String message) {
        return conflict(field, "apiKeyInvalid", message);
    }

    /**
     * Returns a conflict with another key.
     *
     * @param field the field that conflicts
     * @param messageKey see {@link #messageKey()}
     */
    public static InvalidKeyException conflict(@Nullable String field, String messageKey, String message) {
        return new InvalidKeyException(Kind.CONFLICT, field, messageKey, message);
    }

    public static InvalidKeyException forbidden(String message) {
        return forbidden("apiKeyInvalid", message);
    }

    /**
     * Returns a refusal of the whole request.
     *
     * @param messageKey see {@link #messageKey()}
     */
    public static InvalidKeyException forbidden(String messageKey, String message) {
        return new InvalidKeyException(Kind.FORBIDDEN, null, messageKey, message);
    }

    public static InvalidKeyException gone() {
        return new InvalidKeyException(Kind.GONE, null, "apiKeyInvalid", "There is no such API key.");
    }

    /** Returns the message, which every such exception has. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    public Kind kind() {
        return kind;
    }

    /** Returns the key of the text in this extension's theme messages, for pages. */
    public String messageKey() {
        return messageKey;
    }

    /** Returns the field of the request that is wrong. */
    public @Nullable String field() {
        return field;
    }
}
