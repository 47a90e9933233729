package io.apikeys.keycloak.support;

import java.util.Map;
import org.keycloak.representations.idm.RequiredActionProviderRepresentation;

/** The required actions of a test realm. A realm has keys while the one that makes them is registered and enabled. */
public final class RealmRequiredActions {

    private static final String KEYS = "CREATE_API_KEY";

    private final TestRealm realm;

    RealmRequiredActions(TestRealm realm) {
        this.realm = realm;
    }

    public void enable(String alias) {
        set(alias, true);
    }

    public void disable(String alias) {
        set(alias, false);
    }

    private void set(String alias, boolean enabled) {
        RequiredActionProviderRepresentation action = realm.admin().flows().getRequiredAction(alias);
        action.setEnabled(enabled);
        realm.admin().flows().updateRequiredAction(alias, action);
    }

    /** Has every new user do an action at the first login. */
    public void demandOfNewUsers(String alias) {
        RequiredActionProviderRepresentation action = realm.admin().flows().getRequiredAction(alias);
        action.setDefaultAction(true);
        realm.admin().flows().updateRequiredAction(alias, action);
    }

    public void unregisterKeys() {
        realm.admin().flows().removeRequiredAction(KEYS);
    }

    void registerKeys() {
        Rest.with(RealmsAdministrator.token())
                .post(
                        "/admin/realms/" + realm.name() + "/authentication/register-required-action",
                        Map.of("providerId", KEYS, "name", "Create API key"));
    }

    void enableKeys() {
        enable(KEYS);
    }

    void disableKeys() {
        disable(KEYS);
    }

    int configureKeys(Map<String, String> settings) {
        return Rest.with(RealmsAdministrator.token())
                .put(
                        "/admin/realms/" + realm.name() + "/authentication/required-actions/" + KEYS + "/config",
                        Map.of("config", settings))
                .status();
    }
}
