package io.apikeys.keycloak.rest;

import jakarta.ws.rs.HttpMethod;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;

/** Lets nobody near the resource without a token. */
record SelfServiceProvider(KeycloakSession session) implements RealmResourceProvider {

    @Override
    public Object getResource() {
        if (HttpMethod.OPTIONS.equals(session.getContext().getHttpRequest().getHttpMethod())) {
            return new CorsPreflight();
        }
        return new SelfServiceResource(session, AccountBearer.authenticate(session));
    }

    @Override
    public void close() {}
}
