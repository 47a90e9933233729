package io.apikeys.keycloak.support;

import io.apikeys.keycloak.key.ApiKey;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/** What somebody can make who knows the format and a user id, but no secret. */
public final class ForgedKey {

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int CHECKSUM = 6;

    private ForgedKey() {}

    /** A well-formed key of this user, with a secret of the forger's own. */
    public static String of(String userId) {
        return ApiKey.generate("kck", userId, new SecureRandom()).reveal();
    }

    /** The same text with the checksum that makes it well-formed. */
    public static String withChecksumOf(String changed) {
        String body = changed.substring(0, changed.length() - CHECKSUM);
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        StringBuilder digits = new StringBuilder();
        for (long rest = crc.getValue(); digits.length() < CHECKSUM; rest /= DIGITS.length()) {
            digits.insert(0, DIGITS.charAt((int) (rest % DIGITS.length())));
        }
        return body + digits;
    }

    public static String hint(String key) {
        return ApiKey.parse(key).orElseThrow().hint();
    }
}
