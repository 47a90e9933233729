package io.apikeys.keycloak.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hash that is stored in place of a key. A fast hash suffices for 256 random bits, which are in no dictionary.
 *
 * @param algorithm {@value #SHA_256}; stored so that another algorithm can replace it later
 * @param hash base64url without padding
 */
public record KeyHash(String algorithm, String hash) {

    public static final String SHA_256 = "SHA-256";

    private static final int LENGTH = 32;

    /** The base64url of so many bytes. */
    private static final Pattern FORMAT = Pattern.compile("[A-Za-z0-9_-]{43}");

    /** A shorter text could be guessed, and might be a password. */
    private static final int SHORTEST_FOREIGN = 16;

    /**
     * A longer text is not looked up. Keys of other systems may be signed tokens, which are longer than any key of this
     * extension, but they have to fit into a header.
     */
    static final int LONGEST_FOREIGN = 4_096;

    /** Returns the hash of the whole text of a key. */
    static KeyHash of(String key) {
        try {
            return ofDigest(MessageDigest.getInstance(SHA_256).digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has " + SHA_256, impossible);
        }
    }

    /**
     * Returns the hash of a key of another system, without surrounding white space.
     *
     * @return empty if the text is too short or too long to be a key
     */
    public static Optional<KeyHash> ofForeign(@Nullable String key) {
        return Optional.ofNullable(key)
                .map(ApiKey::trim)
                .filter(text -> text.length() >= SHORTEST_FOREIGN && text.length() <= LONGEST_FOREIGN)
                .map(KeyHash::of);
    }

    /**
     * Returns the hash of a key as another system has stored it.
     *
     * @param digest the SHA-256 of the whole key
     * @throws IllegalArgumentException if it is not a SHA-256
     */
    public static KeyHash ofDigest(byte[] digest) {
        if (digest.length != LENGTH) {
            throw new IllegalArgumentException("a " + SHA_256 + " has " + LENGTH + " bytes");
        }
        return new KeyHash(SHA_256, Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
    }

    /** Returns whether this is the hash of a key, as far as its form tells; stored data may be damaged. */
    public boolean wellFormed() {
        return SHA_256.equals(algorithm) && hash != null && FORMAT.matcher(hash).matches();
    }

    /** Returns whether two hashes are of the same key, in a time that does not depend on where they differ. */
    public boolean matches(KeyHash other) {
        return SHA_256.equals(algorithm)
                && algorithm.equals(other.algorithm)
                && hash != null
                && other.hash != null
                && MessageDigest.isEqual(
                        hash.getBytes(StandardCharsets.UTF_8), other.hash.getBytes(StandardCharsets.UTF_8));
    }
}
