package io.apikeys.keycloak.inventory;

import org.keycloak.models.RealmModel;

/**
 * Tells by a realm attribute whether a realm has keys imported from other systems; in any other realm, a text that is
 * not a key of this extension needs no look-up.
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
