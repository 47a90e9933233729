package io.apikeys.keycloak.credential;

/** What somebody asks of a key is not possible. Says so in words for them. */
public final class InvalidKeyException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final boolean conflict;

    private final String messageKey;

    private InvalidKeyException(String field, boolean conflict, String messageKey, String message) {
        super(message);
        this.field = field;
        this.conflict = conflict;
        this.messageKey = messageKey;
    }

    static InvalidKeyException badField(String field, String message) {
        return badField(field, "apiKeyInvalid", message);
    }

    /** @param messageKey see {@link #messageKey()} */
    static InvalidKeyException badField(String field, String messageKey, String message) {
        return new InvalidKeyException(field, false, messageKey, message);
    }

    static InvalidKeyException conflict(String field, String message) {
        return conflict(field, "apiKeyInvalid", message);
    }

    /** @param messageKey see {@link #messageKey()} */
    static InvalidKeyException conflict(String field, String messageKey, String message) {
        return new InvalidKeyException(field, true, messageKey, message);
    }

    /** The key of the text in this extension's theme messages, for pages. */
    public String messageKey() {
        return messageKey;
    }

    /** The field of the request that is wrong; null if it is none of them. */
    public String field() {
        return field;
    }

    /** Whether the request is right in itself but clashes with what there is. */
    public boolean isConflict() {
        return conflict;
    }
}
