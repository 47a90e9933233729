package io.apikeys.keycloak.support;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The secret part of every key that the tests of this run were handed, so that a leak is seen wherever it happens. */
public final class Secrets {

    private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

    private Secrets() {}

    /** What no log, database, event or answer may hold: the last part of a key, without its checksum, which is public. */
    public static String secretOf(String key) {
        return key.substring(key.lastIndexOf('_') + 1, key.length() - 6);
    }

    public static void register(String key) {
        KNOWN.add(secretOf(key));
    }

    public static Set<String> known() {
        return Set.copyOf(KNOWN);
    }

    /** Returns the secrets that a text holds. Reads it once, because log and database are long and the secrets are many. */
    public static Set<String> in(String text) {
        Map<Integer, List<String>> byBeginning = KNOWN.stream().collect(Collectors.groupingBy(Secrets::beginning));
        BitSet beginnings = new BitSet(1 << 21);
        byBeginning.keySet().forEach(beginnings::set);
        Set<String> found = new HashSet<>();
        for (int i = 0; i + 2 < text.length(); i++) {
            int beginning = beginning(text, i);
            if (beginnings.get(beginning)) {
                for (String secret : byBeginning.get(beginning)) {
                    if (text.startsWith(secret, i)) {
                        found.add(secret);
                    }
                }
            }
        }
        return found;
    }

    private static int beginning(String secret) {
        return beginning(secret, 0);
    }

    private static int beginning(String text, int at) {
        return (text.charAt(at) & 0x7F) << 14 | (text.charAt(at + 1) & 0x7F) << 7 | (text.charAt(at + 2) & 0x7F);
    }

    static void requireNoneIn(String where, String text) {
        KNOWN.stream().filter(text::contains).findAny().ifPresent(secret -> {
            throw new AssertionError("A secret leaked into the answer of " + where);
        });
    }
}
