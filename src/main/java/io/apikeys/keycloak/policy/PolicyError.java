package io.apikeys.keycloak.policy;

/**
 * An invalid setting.
 *
 * @param setting the name of the setting
 * @param why the rest of a sentence that begins with the name
 */
public record PolicyError(String setting, String why) {

    /** Returns the whole sentence, without a full stop. */
    public String sentence() {
        return setting + " " + why;
    }
}
