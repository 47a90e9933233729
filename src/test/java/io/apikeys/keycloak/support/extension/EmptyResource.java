package io.apikeys.keycloak.support.extension;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.core.Response;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/**
 * Answers {@code GET /realms/{realm}/test-empty} with nothing: what every request to an extension costs at least, which
 * the benchmark compares with.
 */
public final class EmptyResource implements RealmResourceProviderFactory {

    @Override
    public String getId() {
        return "test-empty";
    }

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new Resource();
    }

    /** The one endpoint. */
    public static final class Resource implements RealmResourceProvider {

        private Resource() {}

        @Override
        public Object getResource() {
            return this;
        }

        @GET
        public Response nothing() {
            return Response.ok("").type("text/plain").build();
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
