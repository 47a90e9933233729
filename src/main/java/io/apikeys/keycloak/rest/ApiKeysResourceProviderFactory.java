package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.PlainFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** Serves {@code /realms/{realm}/api-keys}. */
public final class ApiKeysResourceProviderFactory
        implements RealmResourceProviderFactory, PlainFactory<RealmResourceProvider> {

    @Override
    public String getId() {
        return "api-keys";
    }

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new ApiKeysProvider(session);
    }

    private record ApiKeysProvider(KeycloakSession session) implements RealmResourceProvider {

        @Override
        public Object getResource() {
            return new ApiKeysResource(session);
        }

        @Override
        public void close() {}
    }
}
