package io.apikeys.keycloak.credential;

import java.util.Collection;
import java.util.stream.IntStream;

/** The name of a key among the keys of its holder. */
final class KeyName {

    static final int MAX_LENGTH = 100;

    private KeyName() {}

    /**
     * A name as it is stored.
     *
     * @param taken by the holder's other keys
     */
    static String check(String name, Collection<String> taken) throws InvalidKeyException {
        String stripped = name == null ? "" : name.strip();
        if (stripped.isEmpty()) {
            throw InvalidKeyException.badField("name", "apiKeyNameMissing", "An API key needs a name.");
        }
        if (stripped.length() > MAX_LENGTH) {
            throw InvalidKeyException.badField(
                    "name", "apiKeyNameTooLong", "The name may have " + MAX_LENGTH + " characters at the most.");
        }
        if (stripped.codePoints().anyMatch(KeyName::unprintable)) {
            throw InvalidKeyException.badField(
                    "name", "apiKeyNameUnprintable", "The name may not contain control characters.");
        }
        // Keycloak checks the same, but not in every kind of user storage.
        if (taken.stream().anyMatch(stripped::equalsIgnoreCase)) {
            throw taken();
        }
        return stripped;
    }

    static InvalidKeyException taken() {
        return InvalidKeyException.conflict("name", "apiKeyNameTaken", "The user already has an API key of this name.");
    }

    /** The name that a key has beside the one that was put in its place. */
    static String inGrace(String name, Collection<String> taken) {
        return IntStream.iterate(1, i -> i + 1)
                .mapToObj(i -> " (old" + (i == 1 ? "" : " " + i) + ")")
                .map(suffix -> name.substring(0, Math.min(name.length(), MAX_LENGTH - suffix.length())) + suffix)
                .filter(candidate -> taken.stream().noneMatch(candidate::equalsIgnoreCase))
                .findFirst()
                .orElseThrow();
    }

    /** Control characters, line separators and lone surrogates: what a list, a log or a database cannot show or store. */
    private static boolean unprintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
