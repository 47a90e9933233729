package io.apikeys.keycloak.support;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The secret part of every key that the tests of this run were handed, so that a leak is seen wherever it happens. */
public final class Secrets {

    private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

    private Secrets() {}

    /** What no log, database, event or answer may hold: the last part of a key, without its checksum, which is public. */
    public static String secretOf(String key) {
        return key.substring(key.lastIndexOf('_') + 1, key.length() - 6);
    }

    static void register(String key) {
        KNOWN.add(secretOf(key));
    }

    public static Set<String> known() {
        return Set.copyOf(KNOWN);
    }

    static void requireNoneIn(String where, String text) {
        KNOWN.stream().filter(text::contains).findAny().ifPresent(secret -> {
            throw new AssertionError("A secret leaked into the answer of " + where);
        });
    }
}
