package io.apikeys.keycloak.key;

import java.text.Normalizer;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The name of a key among the keys of its holder. */
public final class KeyName {

    /** In Unicode code points. */
    public static final int MAX_LENGTH = 100;

    /** An extended grapheme cluster, which people see as one character. */
    private static final Pattern GRAPHEME = Pattern.compile("\\X");

    private KeyName() {}

    /**
     * Returns a name as it is stored: without surrounding white space, in Unicode normalization form C.
     *
     * @param taken the names of the holder's other keys
     * @throws InvalidKeyException if the name is empty, too long, taken, or contains a character that cannot be shown
     */
    public static String check(@Nullable String name, Collection<String> taken) throws InvalidKeyException {
        String normal = name == null ? "" : Normalizer.normalize(name.strip(), Normalizer.Form.NFC);
        if (normal.isEmpty()) {
            throw InvalidKeyException.badField("name", "apiKeyNameMissing", "An API key needs a name.");
        }
        if (length(normal) > MAX_LENGTH) {
            throw InvalidKeyException.badField(
                    "name",
                    "apiKeyNameTooLong",
                    "The name is too long; it can have up to " + MAX_LENGTH + " characters.");
        }
        if (normal.codePoints().anyMatch(KeyName::unprintable)) {
            throw InvalidKeyException.badField(
                    "name", "apiKeyNameUnprintable", "The name may not contain control characters.");
        }
        // Keycloak checks the same, but not in every kind of user storage.
        if (taken.stream().anyMatch(other -> isSame(other, normal))) {
            throw taken();
        }
        return normal;
    }

    /** Returns whether two names are the same, ignoring case. */
    public static boolean isSame(String one, String other) {
        return one.equalsIgnoreCase(other);
    }

    public static InvalidKeyException taken() {
        return InvalidKeyException.conflict("name", "apiKeyNameTaken", "The user already has an API key of this name.");
    }

    /** Returns the name of a rotated key while it exists beside its successor; null for a key without a name. */
    public static @Nullable String inGrace(@Nullable String name, Collection<String> taken) {
        if (name == null) {
            return null;
        }
        return IntStream.iterate(1, i -> i + 1)
                .mapToObj(i -> " (old" + (i == 1 ? "" : " " + i) + ")")
                .map(suffix -> cut(name, MAX_LENGTH - length(suffix)) + suffix)
                .filter(candidate -> taken.stream().noneMatch(other -> isSame(other, candidate)))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the beginning of a text without splitting a grapheme cluster. */
    private static String cut(String text, int codePoints) {
        if (length(text) <= codePoints) {
            return text;
        }
        StringBuilder beginning = new StringBuilder();
        for (Matcher next = GRAPHEME.matcher(text); next.find(); ) {
            if (length(beginning) + length(next.group()) > codePoints) {
                return beginning.toString();
            }
            beginning.append(next.group());
        }
        return beginning.toString();
    }

    private static int length(CharSequence text) {
        return Character.codePointCount(text, 0, text.length());
    }

    /**
     * Returns whether a list, a log or a database cannot show or store a character: control characters, line
     * separators, lone surrogates and noncharacters. Characters unknown to this Java version are accepted, because a
     * later version of Unicode may define them.
     */
    private static boolean unprintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> (codePoint & 0xFFFE) == 0xFFFE || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
        };
    }
}
