package io.apikeys.keycloak.support;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.keycloak.events.EventType;
import org.keycloak.representations.idm.AdminEventRepresentation;
import org.keycloak.representations.idm.EventRepresentation;

/** The events of a test realm: those that it has kept, and which ones it keeps. */
public final class RealmEvents {

    private final TestRealm realm;

    RealmEvents(TestRealm realm) {
        this.realm = realm;
    }

    /** Returns the events of these types, newest first. */
    public List<EventRepresentation> ofType(EventType... types) {
        List<String> names = Stream.of(types).map(EventType::name).toList();
        return realm.admin().getEvents(new ArrayList<>(names), null, null, null, null, null, null, null);
    }

    /** Returns the admin events about one type of resource, newest first. */
    public List<AdminEventRepresentation> ofAdministrators(String resourceType) {
        return realm.admin().getAdminEvents().stream()
                .filter(event -> resourceType.equals(event.getResourceType()))
                .toList();
    }

    /** Has the realm keep events of these types, which it does not by default. */
    public void keep(String... types) {
        realm.settings().change(representation -> representation.setEnabledEventTypes(List.of(types)));
    }

    /** Has the realm neither keep nor log events, so that they cost nothing. */
    public void keepNone() {
        realm.settings().change(representation -> {
            representation.setEventsEnabled(false);
            representation.setAdminEventsEnabled(false);
            representation.setEventsListeners(List.of());
        });
    }
}
