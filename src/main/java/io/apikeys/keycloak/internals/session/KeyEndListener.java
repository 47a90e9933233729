package io.apikeys.keycloak.internals.session;

import io.apikeys.keycloak.PlainFactory;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.verify.KeyEvents;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Listens for all changes that may end a key, in every realm and whether or not events are stored: through this
 * extension's own API, the Account Console, the Admin Console and the Admin REST API.
 */
public final class KeyEndListener implements EventListenerProviderFactory, PlainFactory<EventListenerProvider> {

    /** {@code users/{id}/credentials/{credential}} and all other paths of a user. */
    private static final Pattern USER_PATH = Pattern.compile("users/([^/]+)(/.*)?");

    @Override
    public String getId() {
        return "api-key-end";
    }

    @Override
    public boolean isGlobal() {
        return true;
    }

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        return new Listener(session);
    }

    /**
     * Ends the key sessions of a user before the removal, while clients can still be notified, and removes stale
     * records.
     */
    @Override
    public void postInit(KeycloakSessionFactory factory) {
        factory.register(event -> {
            if (event instanceof UserModel.UserPreRemovedEvent removal) {
                EndedKeys.endAllSessions(removal.getKeycloakSession(), removal.getRealm(), removal.getUser());
                new KeyRecords(removal.getKeycloakSession()).removeOf(removal.getUser());
            } else if (event instanceof RealmModel.RealmRemovedEvent removal) {
                new KeyRecords(removal.getKeycloakSession()).removeOf(removal.getRealm());
            }
        });
    }

    private record Listener(KeycloakSession session) implements EventListenerProvider {

        @Override
        public void onEvent(Event event) {
            switch (event.getType()) {
                case UPDATE_CREDENTIAL, REMOVE_CREDENTIAL ->
                    EndedKeys.endSessionsAfterCommit(
                            session,
                            event.getRealmId(),
                            event.getUserId(),
                            event.getDetails() == null || !event.getDetails().containsKey(KeyEvents.KEY_ID));
                default -> {
                    // Ends no key.
                }
            }
        }

        @Override
        public void onEvent(AdminEvent event, boolean includeRepresentation) {
            String holder =
                    event.getDetails() == null ? null : event.getDetails().get(KeyEvents.HOLDER_ID);
            if (holder == null && event.getResourcePath() != null) {
                Matcher path = USER_PATH.matcher(event.getResourcePath());
                holder = path.matches() ? path.group(1) : null;
            }
            if (holder != null) {
                boolean credentials = event.getResourcePath() != null
                        && event.getResourcePath().contains("/credentials");
                EndedKeys.endSessionsAfterCommit(session, event.getRealmId(), holder, credentials);
            }
        }

        @Override
        public void close() {}
    }
}
