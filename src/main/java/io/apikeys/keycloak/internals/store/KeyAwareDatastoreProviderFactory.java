package io.apikeys.keycloak.internals.store;

import io.apikeys.keycloak.holder.CredentialGuard;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RoleModel;
import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.storage.DatastoreProvider;
import org.keycloak.storage.datastore.DefaultDatastoreProviderFactory;

/** Replaces Keycloak's datastore with {@link KeyAwareDatastoreProvider}, under the same provider id. */
public final class KeyAwareDatastoreProviderFactory extends DefaultDatastoreProviderFactory {

    @Override
    public DatastoreProvider create(KeycloakSession session) {
        return new KeyAwareDatastoreProvider(this, session);
    }

    @Override
    public int order() {
        return 10;
    }

    /**
     * Refuses to rename roles and clients, in the transaction of the change; renames do not pass through this
     * datastore.
     */
    @Override
    public void postInit(KeycloakSessionFactory factory) {
        super.postInit(factory);
        factory.register(event -> {
            if (event instanceof RoleModel.RoleNameChangeEvent renamed) {
                CredentialGuard.of(renamed.getKeycloakSession()).refuseRenaming();
            } else if (event instanceof ClientModel.ClientIdChangeEvent changed && changed.getNewClientId() != null) {
                // Keycloak also publishes this for an update that names no client id.
                CredentialGuard.of(changed.getKeycloakSession()).refuseRenaming();
            }
        });
    }

    /**
     * Checks that Keycloak uses this datastore.
     *
     * @throws IllegalStateException if it uses another one, with which keys would have all rights of their holders
     */
    public static void requireActive(KeycloakSessionFactory factory) {
        requireActive(factory, DatastoreProvider.class, KeyAwareDatastoreProviderFactory.class);
    }

    /**
     * Checks that Keycloak uses a provider of this extension.
     *
     * @throws IllegalStateException if it uses another one
     */
    static <T extends Provider> void requireActive(
            KeycloakSessionFactory factory, Class<T> type, Class<? extends ProviderFactory<T>> ours) {
        ProviderFactory<T> active = factory.getProviderFactory(type);
        if (!ours.isInstance(active)) {
            throw new IllegalStateException("API keys need the " + type.getSimpleName() + " of " + ours.getName()
                    + ", but Keycloak uses "
                    + (active == null ? "none" : active.getClass().getName())
                    + ". Remove the extension or the option that selects it, or remove the API key extension.");
        }
    }
}
