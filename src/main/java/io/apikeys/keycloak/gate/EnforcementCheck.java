package io.apikeys.keycloak.gate;

import io.apikeys.keycloak.NoEventListener;
import io.apikeys.keycloak.PlainFactory;
import io.apikeys.keycloak.internals.store.KeyAwareDatastoreProviderFactory;
import io.apikeys.keycloak.internals.store.KeyAwareOrganizationProviderFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.Config;
import org.keycloak.common.Version;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.PostMigrationEvent;

/**
 * Prevents a server from starting that cannot enforce the restrictions of keys: an older Keycloak, or one in which another
 * extension has replaced a provider. It is an event listener only because Keycloak starts those with the server; it listens
 * to nothing.
 */
public final class EnforcementCheck implements EventListenerProviderFactory, PlainFactory<EventListenerProvider> {

    static final int LOWEST_MAJOR = 26;
    static final int LOWEST_MINOR = 7;

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})");

    @Override
    public String getId() {
        return "api-key-enforcement-check";
    }

    /**
     * Stops the start of a server that is too old.
     *
     * @throws IllegalStateException if it is
     */
    @Override
    public void init(Config.Scope config) {
        requireSupported(Version.VERSION);
    }

    static void requireSupported(String version) {
        Matcher numbers = NUMBERS.matcher(version);
        if (numbers.lookingAt()) {
            int major = Integer.parseInt(numbers.group(1));
            int minor = Integer.parseInt(numbers.group(2));
            if (major < LOWEST_MAJOR || (major == LOWEST_MAJOR && minor < LOWEST_MINOR)) {
                throw new IllegalStateException("Keycloak API Keys needs Keycloak " + LOWEST_MAJOR + "." + LOWEST_MINOR
                        + " or later, because earlier versions cannot enforce what keys may do. This server is Keycloak "
                        + version
                        + ". Upgrade it, or remove the jar.");
            }
        }
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
