package io.apikeys.keycloak.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What is stored in place of a key. A fast hash is right for 256 random bits: there is no dictionary to try.
 *
 * @param algorithm {@value #SHA_256}, so that another one can follow it some day
 * @param hash base64url without padding
 */
public record KeyHash(String algorithm, String hash) {

    public static final String SHA_256 = "SHA-256";

    /** The hash of a key's text, all parts of it. */
    static KeyHash of(String key) {
        try {
            byte[] digest = MessageDigest.getInstance(SHA_256).digest(key.getBytes(StandardCharsets.US_ASCII));
            return new KeyHash(SHA_256, Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has " + SHA_256, impossible);
        }
    }

    /** Whether this is the hash of the same key; takes the same time wherever the two differ. */
    public boolean matches(KeyHash other) {
        return algorithm.equals(other.algorithm)
                && MessageDigest.isEqual(
                        hash.getBytes(StandardCharsets.UTF_8), other.hash.getBytes(StandardCharsets.UTF_8));
    }
}
