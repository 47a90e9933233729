package io.apikeys.keycloak.gate;

import io.apikeys.keycloak.NoEventListener;
import io.apikeys.keycloak.PlainFactory;
import io.apikeys.keycloak.internals.store.KeyAwareDatastoreProviderFactory;
import io.apikeys.keycloak.internals.store.KeyAwareOrganizationProviderFactory;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.PostMigrationEvent;

/**
 * Prevents a server from starting if another extension has replaced a provider that enforces keys. It is an event
 * listener only because Keycloak starts those with the server; it listens to nothing.
 */
public final class EnforcementCheck implements EventListenerProviderFactory, PlainFactory<EventListenerProvider> {

    @Override
    public String getId() {
        return "api-key-enforcement-check";
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        factory.register(event -> {
            if (event instanceof PostMigrationEvent) {
                KeyAwareDatastoreProviderFactory.requireActive(factory);
                KeyAwareOrganizationProviderFactory.requireActive(factory);
            }
        });
    }

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        return new NoEventListener();
    }
}
