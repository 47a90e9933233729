package io.apikeys.keycloak.support.extension;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionProviderModel;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/**
 * Stores a realm's policy for API keys whatever it is, at {@code PUT /realms/{realm}/test-policy}: as an earlier version may have left it,
 * or somebody who writes into the database.
 */
public final class PolicyWriter implements RealmResourceProviderFactory {

    @Override
    public String getId() {
        return "test-policy";
    }

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new Resource(session);
    }

    /** The one endpoint. */
    public static final class Resource implements RealmResourceProvider {

        private final KeycloakSession session;

        private Resource(KeycloakSession session) {
            this.session = session;
        }

        @Override
        public Object getResource() {
            return this;
        }

        @PUT
        @Consumes(MediaType.APPLICATION_JSON)
        public void write(Map<String, String> config) {
            RealmModel realm = session.getContext().getRealm();
            RequiredActionProviderModel action = realm.getRequiredActionProviderByAlias("CREATE_API_KEY");
            action.setConfig(config);
            realm.updateRequiredActionProvider(action);
        }

        @Override
        public void close() {}
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
