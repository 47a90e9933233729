package io.apikeys.keycloak.inventory;

import java.text.Normalizer;

/** Text as it is searched, without regard to case. Databases only agree about the case of ASCII letters. */
final class SearchText {

    private SearchText() {}

    /** Returns a text in which letters differ only if they do so apart from their case; the same on every database. */
    static String of(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC)
                .codePoints()
                .map(character -> Character.toLowerCase(Character.toUpperCase(character)))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Returns a text, cut to a number of characters. */
    static String of(String text, int longest) {
        String folded = of(text);
        int end = Math.min(folded.length(), longest);
        return folded.substring(0, end > 0 && Character.isHighSurrogate(folded.charAt(end - 1)) ? end - 1 : end);
    }
}
