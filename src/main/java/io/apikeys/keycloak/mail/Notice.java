package io.apikeys.keycloak.mail;

import org.jspecify.annotations.Nullable;

/**
 * What somebody else has done to a key.
 *
 * @param realmId the holder's realm
 * @param key the key's name or, where it is not known any more, its hint
 * @param detail the reason, the client that did it, or the address where the key was found
 */
record Notice(
        String realmId,
        String holderId,
        @Nullable String key,
        Kind kind,
        @Nullable String detail) {

    /** The kinds of changes, each with the key of its text in the messages. */
    enum Kind {
        ISSUED("apiKeyNoticeIssued"),
        ROTATED("apiKeyNoticeRotated"),
        DISABLED("apiKeyNoticeDisabled"),
        REVOKED("apiKeyNoticeRevoked"),
        REVOKED_BY_FINDER("apiKeyNoticeRevokedByFinder"),
        REVOKED_BY_CLIENT("apiKeyNoticeRevokedByClient"),
        LEAKED("apiKeyNoticeLeaked");

        private final String message;

        Kind(String message) {
            this.message = message;
        }

        /** Returns whether the key, as its holder knew it, has ended. */
        boolean isEnd() {
            return this != ISSUED;
        }
    }

    String message() {
        return kind.message;
    }

    /** Returns the key of the text that says the reason; empty if there is none to say. */
    String reasonMessage() {
        if (kind != Kind.REVOKED || detail == null) {
            return "";
        }
        return switch (detail) {
            case "leaked" -> "apiKeyReasonLeaked";
            case "rotated" -> "apiKeyReasonRotated";
            case "unused" -> "apiKeyReasonUnused";
            default -> "";
        };
    }

    /** Returns the client that revoked the key, or the address where it was found; empty if neither applies. */
    String origin() {
        return (kind == Kind.REVOKED_BY_CLIENT || kind == Kind.LEAKED) && detail != null ? detail : "";
    }
}
