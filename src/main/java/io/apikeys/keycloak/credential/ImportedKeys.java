package io.apikeys.keycloak.credential;

import org.keycloak.models.RealmModel;

/**
 * Whether a realm has keys that other systems have made. Remembered in a realm attribute, so that in all other realms what
 * is no key of ours costs no look-up.
 */
public final class ImportedKeys {

    private static final String ATTRIBUTE = "api-keys.imported";

    private ImportedKeys() {}

    public static boolean maybeIn(RealmModel realm) {
        return Boolean.parseBoolean(realm.getAttribute(ATTRIBUTE));
    }

    static void areThere(RealmModel realm) {
        if (!maybeIn(realm)) {
            realm.setAttribute(ATTRIBUTE, true);
        }
    }
}
