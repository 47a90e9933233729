package io.apikeys.keycloak.rest.admin;

import io.apikeys.keycloak.rest.api.ApiErrors;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The reason for which an administrator revokes a key, as recorded in the event. */
enum RevocationReason {
    LEAKED,
    ROTATED,
    UNUSED,
    OTHER;

    static final Set<String> WORDS =
            Arrays.stream(values()).map(RevocationReason::word).collect(Collectors.toUnmodifiableSet());

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Checks a reason.
     *
     * @return the same word
     */
    static @Nullable String check(@Nullable String word) {
        if (word != null && !WORDS.contains(word)) {
            throw ApiErrors.badRequest(
                    "reason",
                    "Must be one of "
                            + String.join(", ", WORDS.stream().sorted().toList()) + ".");
        }
        return word;
    }
}
