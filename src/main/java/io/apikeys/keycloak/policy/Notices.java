package io.apikeys.keycloak.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The changes by other users that a realm reports to the holders of keys by e-mail. */
public enum Notices {
    /** The end of keys: their revocation, rotation and disabling. */
    ENDED("keys-ended"),

    /** Also new keys. */
    ENDED_AND_ISSUED("keys-ended-and-issued"),

    NONE("none");

    static final List<String> VALUES =
            Arrays.stream(values()).map(Notices::value).toList();

    private final String value;

    Notices(String value) {
        this.value = value;
    }

    String value() {
        return value;
    }

    static Optional<Notices> of(String value) {
        return Arrays.stream(values())
                .filter(notices -> notices.value.equals(value))
                .findFirst();
    }
}
