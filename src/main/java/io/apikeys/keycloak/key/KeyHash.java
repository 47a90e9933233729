package io.apikeys.keycloak.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/**
 * What is stored in place of a key. A fast hash is right for 256 random bits: there is no dictionary to try.
 *
 * @param algorithm {@value #SHA_256}, so that another one can follow it some day
 * @param hash base64url without padding
 */
public record KeyHash(String algorithm, String hash) {

    public static final String SHA_256 = "SHA-256";

    private static final int LENGTH = 32;

    /** What is shorter can be guessed, and passwords are no keys. */
    private static final int SHORTEST_FOREIGN = 16;

    /** The hash of a key's text, all parts of it. */
    static KeyHash of(String key) {
        try {
            return ofDigest(MessageDigest.getInstance(SHA_256).digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has " + SHA_256, impossible);
        }
    }

    /**
     * The hash of a key that another system has made; surrounding white space is no part of it.
     *
     * @param key may be null
     * @return nothing for a text that is too short or too long to be a key
     */
    public static Optional<KeyHash> ofForeign(String key) {
        return Optional.ofNullable(key)
                .map(ApiKey::trim)
                .filter(text -> text.length() >= SHORTEST_FOREIGN && text.length() <= ApiKey.MAX_LENGTH)
                .map(KeyHash::of);
    }

    /**
     * The hash that another system has stored of a key.
     *
     * @param digest SHA-256 over the whole key
     * @throws IllegalArgumentException if it is no SHA-256
     */
    public static KeyHash ofDigest(byte[] digest) {
        if (digest.length != LENGTH) {
            throw new IllegalArgumentException("a " + SHA_256 + " has " + LENGTH + " bytes");
        }
        return new KeyHash(SHA_256, Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
    }

    /** Whether this is the hash of the same key; takes the same time wherever the two differ. */
    public boolean matches(KeyHash other) {
        return algorithm.equals(other.algorithm)
                && MessageDigest.isEqual(
                        hash.getBytes(StandardCharsets.UTF_8), other.hash.getBytes(StandardCharsets.UTF_8));
    }
}
