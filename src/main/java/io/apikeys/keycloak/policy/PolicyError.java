package io.apikeys.keycloak.policy;

/**
 * A setting that cannot be taken.
 *
 * @param setting its name
 * @param why ends a sentence that begins with its name
 */
public record PolicyError(String setting, String why) {

    /** Returns the whole sentence, without a full stop. */
    public String sentence() {
        return setting + " " + why;
    }
}
