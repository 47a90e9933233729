package io.apikeys.keycloak.rest;

import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** Serves {@code /realms/{realm}/api-keys}. */
public final class SelfServiceProviderFactory implements RealmResourceProviderFactory {

    @Override
    public String getId() {
        return "api-keys";
    }

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new SelfServiceProvider(session);
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
