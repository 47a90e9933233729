package io.apikeys.keycloak.internals.store;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RoleProvider;
import org.keycloak.models.UserProvider;
import org.keycloak.models.UserSessionProvider;
import org.keycloak.storage.datastore.DefaultDatastoreProvider;

/** Wraps the three Keycloak stores through which a request reaches the holder of a key. */
final class KeyAwareDatastoreProvider extends DefaultDatastoreProvider {

    private final KeycloakSession session;
    private @Nullable UserProvider users;
    private @Nullable RoleProvider roles;
    private @Nullable UserSessionProvider userSessions;

    KeyAwareDatastoreProvider(KeyAwareDatastoreProviderFactory factory, KeycloakSession session) {
        super(factory, session);
        this.session = session;
    }

    @Override
    public UserProvider users() {
        if (users == null) {
            users = StoreLayer.around(UserProvider.class, super.users(), userLayer());
        }
        return users;
    }

    private StoreLayer userLayer() {
        return ExportLayer.isNeeded() ? new ExportLayer(session) : new UserLayer(session);
    }

    @Override
    public RoleProvider roles() {
        if (roles == null) {
            roles = StoreLayer.around(RoleProvider.class, super.roles(), new RoleLayer(session));
        }
        return roles;
    }

    @Override
    public UserSessionProvider userSessions() {
        if (userSessions == null) {
            userSessions =
                    StoreLayer.around(UserSessionProvider.class, super.userSessions(), new UserSessionLayer(session));
        }
        return userSessions;
    }
}
