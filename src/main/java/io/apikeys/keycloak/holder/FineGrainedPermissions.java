package io.apikeys.keycloak.holder;

import org.jspecify.annotations.Nullable;
import org.keycloak.common.Profile;
import org.keycloak.common.Profile.Feature;
import org.keycloak.models.RealmModel;

/**
 * Keycloak's fine-grained admin permissions, granted to users, groups and any role by policies that keys cannot
 * restrict.
 */
public final class FineGrainedPermissions {

    private FineGrainedPermissions() {}

    /** Returns whether a realm, if there is one, uses these permissions, in either version. */
    public static boolean areUsedIn(@Nullable RealmModel realm) {
        return realm != null
                && (realm.isAdminPermissionsEnabled() || Profile.isFeatureEnabled(Feature.ADMIN_FINE_GRAINED_AUTHZ));
    }
}
