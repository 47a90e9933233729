package io.apikeys.keycloak.support;

import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.List;
import java.util.Map;

/** Keys that every entry point refuses, one of each kind. */
public final class RefusedKeys {

    private RefusedKeys() {}

    /** Makes a key of another realm and, for one user, a disabled, a deleted, an expired and a forged one. */
    public static List<String> of(TestRealm realm, User holder) throws InterruptedException {
        RawKey disabled = realm.key(holder);
        realm.keys().change(disabled.id(), Map.of("enabled", false));
        RawKey deleted = realm.key(holder);
        realm.keys().delete(deleted.id());
        RawKey expired = realm.key(holder, Map.of("name", "short-lived", "expiresIn", 1));
        Thread.sleep(1_100);
        return List.of(
                TestRealm.create().keyOfSomebody().raw(),
                disabled.raw(),
                deleted.raw(),
                expired.raw(),
                ForgedKey.of(holder.id()));
    }
}
