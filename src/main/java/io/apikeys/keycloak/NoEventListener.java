package io.apikeys.keycloak;

import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.admin.AdminEvent;

/** Listens to nothing. For event listener factories that exist only because Keycloak starts them with the server. */
public final class NoEventListener implements EventListenerProvider {

    @Override
    public void onEvent(Event event) {}

    @Override
    public void onEvent(AdminEvent event, boolean includeRepresentation) {}

    @Override
    public void close() {}
}
