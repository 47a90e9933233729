package io.apikeys.keycloak.key;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * The part of a key that identifies its holder: the user id, encoded in base62. It is not secret.
 *
 * <p>A UUID in its canonical lower-case form takes 22 digits, the first of which is 0 to 7. Any other user id (from a
 * user storage, {@code f:<component>:<external id>}, or chosen at import) is {@code x} followed by its UTF-8 bytes as a
 * number. Each user id has exactly one locator: a locator that differs from the result of {@link #of} is refused.
 */
final class Locator {

    /** The longest user id in a key, in bytes of UTF-8; Keycloak's own columns hold 255 characters. */
    static final int MAX_USER_ID_BYTES = 255;

    private static final int UUID_BYTES = 16;
    private static final int UUID_DIGITS = 22;
    private static final char OTHER = 'x';
    private static final double DIGITS_PER_BYTE = 8 * Math.log(2) / Math.log(62);

    private Locator() {}

    /**
     * Encodes a user id.
     *
     * @throws IllegalArgumentException if the id is empty, longer than {@value #MAX_USER_ID_BYTES} bytes or contains a
     *     control character
     */
    static String of(String userId) {
        Optional<byte[]> uuid = canonicalUuid(userId);
        if (uuid.isPresent()) {
            return Base62.encode(uuid.get(), UUID_DIGITS);
        }
        byte[] utf8 = userId.getBytes(StandardCharsets.UTF_8);
        if (utf8.length == 0 || utf8.length > MAX_USER_ID_BYTES || hasControlCharacter(userId)) {
            throw new IllegalArgumentException("a user id of 1 to " + MAX_USER_ID_BYTES + " printable bytes is needed");
        }
        return OTHER + withoutLeadingZeros(Base62.encode(utf8, (int) Math.ceil(utf8.length * DIGITS_PER_BYTE)));
    }

    /** Decodes a user id; returns empty if the locator is not the locator of any user id. */
    static Optional<String> userId(String locator) {
        return locator.charAt(0) == OTHER ? otherId(locator).filter(id -> of(id).equals(locator)) : uuid(locator);
    }

    /** Decodes a UUID, all digits of which are written, so that it has only one locator. */
    private static Optional<String> uuid(String locator) {
        return Base62.decode(locator, UUID_BYTES)
                .map(ByteBuffer::wrap)
                .map(bytes -> new UUID(bytes.getLong(), bytes.getLong()).toString());
    }

    private static Optional<String> otherId(String locator) {
        return Base62.decode(locator.substring(1), MAX_USER_ID_BYTES)
                .map(padded -> new BigInteger(1, padded).toByteArray())
                .map(signed -> signed[0] == 0 ? ByteBuffer.wrap(signed, 1, signed.length - 1) : ByteBuffer.wrap(signed))
                .flatMap(Locator::strictUtf8)
                .filter(id -> !id.isEmpty() && !hasControlCharacter(id));
    }

    private static Optional<String> strictUtf8(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> canonicalUuid(String userId) {
        if (userId.length() != 36) {
            return Optional.empty();
        }
        try {
            UUID uuid = UUID.fromString(userId);
            if (!uuid.toString().equals(userId)) {
                return Optional.empty();
            }
            return Optional.of(ByteBuffer.allocate(UUID_BYTES)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array());
        } catch (IllegalArgumentException notAUuid) {
            return Optional.empty();
        }
    }

    private static boolean hasControlCharacter(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static String withoutLeadingZeros(String digits) {
        int first = 0;
        while (first < digits.length() - 1 && digits.charAt(first) == '0') {
            first++;
        }
        return digits.substring(first);
    }
}
