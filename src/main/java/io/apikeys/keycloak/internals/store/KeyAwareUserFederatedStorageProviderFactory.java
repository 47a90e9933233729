package io.apikeys.keycloak.internals.store;

import org.keycloak.models.KeycloakSession;
import org.keycloak.storage.federated.UserFederatedStorageProvider;
import org.keycloak.storage.jpa.JpaUserFederatedStorageProviderFactory;

/** Wraps Keycloak's store for what user storages do not store themselves, such as keys, under the same provider id. */
public final class KeyAwareUserFederatedStorageProviderFactory extends JpaUserFederatedStorageProviderFactory {

    @Override
    public int order() {
        return 10;
    }

    @Override
    public UserFederatedStorageProvider create(KeycloakSession session) {
        UserFederatedStorageProvider store = super.create(session);
        return StoreLayer.around(
                UserFederatedStorageProvider.class,
                store,
                ExportLayer.isNeeded() ? new ExportLayer(session) : new FederatedKeysLayer(session, store));
    }
}
