package io.apikeys.keycloak.upkeep;

import io.apikeys.keycloak.NoEventListener;
import io.apikeys.keycloak.PlainFactory;
import io.apikeys.keycloak.verify.KeyMetrics;
import java.time.Duration;
import java.util.List;
import org.keycloak.Config;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import org.keycloak.timer.ScheduledTask;
import org.keycloak.timer.TimerProvider;

/**
 * Schedules the upkeep: of keys on one node of a cluster at a time, of metrics on each node. It is an event listener, which
 * listens to nothing, because the server creates the factories of event listeners when it starts.
 */
public final class Upkeep implements EventListenerProviderFactory, PlainFactory<EventListenerProvider> {

    private static final String SECONDS = "seconds";
    private static final int DEFAULT_SECONDS = 60;

    private static final String UNCONFIRMED_SECONDS = "unconfirmed-seconds";
    private static final int DEFAULT_UNCONFIRMED_SECONDS = 86_400;

    private int seconds;
    private int unconfirmedSeconds;

    @Override
    public String getId() {
        return "api-key-upkeep";
    }

    @Override
    public void init(Config.Scope config) {
        seconds = Math.max(1, config.getInt(SECONDS, DEFAULT_SECONDS));
        unconfirmedSeconds = Math.max(1, config.getInt(UNCONFIRMED_SECONDS, DEFAULT_UNCONFIRMED_SECONDS));
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        factory.register(event -> {
            if (event instanceof PostMigrationEvent) {
                KeycloakModelUtils.runJobInTransaction(factory, session -> {
                    schedule(session, new MissingRecords(), MissingRecords.INTERVAL_SECONDS);
                    schedule(session, new ExpiredKeys(), seconds);
                    session.getProvider(TimerProvider.class)
                            .scheduleTask(KeyMetrics::forgetRemovedRealms, seconds * 1000L, "api-key-metrics");
                    schedule(session, new UnseenKeys(Duration.ofSeconds(unconfirmedSeconds)), seconds);
                    schedule(session, new Reminders(Duration.ofSeconds(seconds)), seconds);
                });
            }
        });
    }

    private static void schedule(KeycloakSession session, ScheduledTask task, int seconds) {
        long millis = seconds * 1000L;
        ClusterTask inBackground = new ClusterTask(task, seconds);
        session.getProvider(TimerProvider.class)
                .scheduleTask(
                        inBackground, Math.min(millis, DEFAULT_SECONDS * 1000L), millis, inBackground.getTaskName());
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return ProviderConfigurationBuilder.create()
                .property()
                .name(SECONDS)
                .type(ProviderConfigProperty.INTEGER_TYPE)
                .helpText("How often, in seconds, keys are looked for that have expired or are about to.")
                .defaultValue(DEFAULT_SECONDS)
                .add()
                .property()
                .name(UNCONFIRMED_SECONDS)
                .type(ProviderConfigProperty.INTEGER_TYPE)
                .helpText(
                        "How long, in seconds, a key is kept that a page has shown, but that nobody has confirmed or used.")
                .defaultValue(DEFAULT_UNCONFIRMED_SECONDS)
                .add()
                .build();
    }

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        return new NoEventListener();
    }
}
