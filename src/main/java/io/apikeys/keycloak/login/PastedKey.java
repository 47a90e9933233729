package io.apikeys.keycloak.login;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key as people paste it: with white space around it, with a line break where an e-mail wrapped it, in quotes, or as the
 * header of a request. Programs present keys exactly, so only the login page reads keys in this way.
 */
final class PastedKey {

    /** White space at the ends and around line breaks, and characters that cannot be seen, such as U+200B and U+FEFF. */
    private static final Pattern INVISIBLE =
            Pattern.compile("^[\\s\\p{Z}\\p{Cf}]+|[\\s\\p{Z}\\p{Cf}]+$|[\\s\\p{Z}]*\\R[\\s\\p{Z}]*|\\p{Cf}+");

    private static final Pattern HEADER =
            Pattern.compile("^(?:(?:authorization|x-api-key)\\s*:\\s*)?(?:bearer\\s+)?", Pattern.CASE_INSENSITIVE);

    private static final Map<Character, Character> QUOTES =
            Map.of('"', '"', '\'', '\'', '`', '`', '“', '”', '„', '“', '‘', '’', '«', '»', '<', '>');

    /** Far more than a key and what people paste with it. */
    private static final int MAX_LENGTH = 2048;

    private PastedKey() {}

    /**
     * Returns the key in a pasted text.
     *
     * @param pasted any text
     * @return the text itself if it is too long for a key
     */
    static @Nullable String read(@Nullable String pasted) {
        if (pasted == null || pasted.length() > MAX_LENGTH) {
            return pasted;
        }
        String key = unquoted(pasted.strip());
        key = unquoted(HEADER.matcher(key).replaceFirst(""));
        return INVISIBLE.matcher(key).replaceAll("");
    }

    private static String unquoted(String text) {
        int last = text.length() - 1;
        boolean quoted = last > 0 && Character.valueOf(text.charAt(last)).equals(QUOTES.get(text.charAt(0)));
        return quoted ? text.substring(1, last).strip() : text;
    }
}
