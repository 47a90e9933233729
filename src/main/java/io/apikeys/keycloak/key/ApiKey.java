package io.apikeys.keycloak.key;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A raw API key, {@code <prefix>_<locator>_<secret><checksum>}. It exists only during the request that issues or
 * presents it: only its {@link #hash() hash} and {@link #hint() hint} are kept, and {@link #toString()} returns the
 * hint, so that no log, event or error text can contain the key.
 */
public final class ApiKey {

    /** The format of a prefix: 2 to 12 characters, so that secret scanners and people recognise the key. */
    public static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9]{1,11}");

    private static final int SECRET_BYTES = 32;
    private static final int SECRET_DIGITS = 43;
    private static final int CHECKSUM_DIGITS = 6;

    /** Longer than any key; a longer text is refused without parsing. */
    private static final int MAX_LENGTH = 512;

    private static final Pattern FORMAT = Pattern.compile("(?<prefix>" + PREFIX.pattern()
            + ")_(?<locator>[0-7][0-9A-Za-z]{21}|x[0-9A-Za-z]+)_[0-9A-Za-z]{" + SECRET_DIGITS
            + "}(?<checksum>[0-9A-Za-z]{"
            + CHECKSUM_DIGITS + "})");

    private final String text;
    private final String prefix;
    private final String holderId;

    private ApiKey(String text, String prefix, String holderId) {
        this.text = text;
        this.prefix = prefix;
        this.holderId = holderId;
    }

    /**
     * Generates a new key with 256 random bits.
     *
     * @param prefix must match {@link #PREFIX}
     * @param holderId the user id of the holder
     * @throws IllegalArgumentException if the prefix is invalid or the user id cannot be written into a key
     */
    public static ApiKey generate(String prefix, String holderId, SecureRandom random) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("not a prefix: " + prefix);
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String body = prefix + '_' + Locator.of(holderId) + '_' + Base62.encode(secret, SECRET_DIGITS);
        return new ApiKey(body + checksum(body), prefix, holderId);
    }

    /**
     * Parses a text presented as a key. Ignores surrounding white space and nothing else: a mistyped, truncated or
     * foreign text is recognised without a look-up.
     *
     * @return the key; empty if the text is not one
     */
    public static Optional<ApiKey> parse(@Nullable String presented) {
        if (presented == null) {
            return Optional.empty();
        }
        String text = trim(presented);
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher parts = FORMAT.matcher(text);
        if (!parts.matches()
                || !checksum(text.substring(0, parts.start("checksum"))).equals(parts.group("checksum"))) {
            return Optional.empty();
        }
        return Locator.userId(parts.group("locator"))
                .map(holderId -> new ApiKey(text, parts.group("prefix"), holderId));
    }

    /** Returns the user id of the holder, as the key claims it. */
    public String holderId() {
        return holderId;
    }

    /** Returns {@code <prefix>_…<checksum>}, the part of an issued key that people may see. */
    public String hint() {
        return prefix + "_…" + text.substring(text.length() - CHECKSUM_DIGITS);
    }

    /** Returns the hash, which is stored in place of the key. */
    public KeyHash hash() {
        return KeyHash.of(text);
    }

    /** Returns the raw key, for the one response that contains it. */
    public String reveal() {
        return text;
    }

    /** Returns the {@link #hint() hint}. */
    @Override
    public String toString() {
        return hint();
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        long value = crc.getValue();
        byte[] bytes = {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
        return Base62.encode(bytes, CHECKSUM_DIGITS);
    }

    /**
     * Removes surrounding white space, including no-break spaces copied from an e-mail or a web page, which strip()
     * keeps.
     */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (start < end && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }
}
