package io.apikeys.keycloak.usage;

import io.apikeys.keycloak.limit.KeyLimits;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.keycloak.Config;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.timer.TimerProvider;

/** Holds the state that the requests of this node share, and writes it periodically and when the server stops. */
public final class KeyUsageFactory implements ProviderFactory<KeyUsage> {

    private static final String WRITE_SECONDS = "write-seconds";
    private static final int DEFAULT_WRITE_SECONDS = 10;
    private static final int LONGEST_WRITE_SECONDS = 60;
    private static final String USER_STORAGE_SECONDS = "user-storage-seconds";
    private static final int DEFAULT_USER_STORAGE_SECONDS = 300;
    private static final long LEFT_OVERS_MILLIS = 1_000;

    private int writeSeconds;
    private Duration holderMaxAge;
    private KeyLimits limits;
    private LastUses lastUses;

    @Override
    public String getId() {
        return "default";
    }

    @Override
    public void init(Config.Scope config) {
        int seconds = config.getInt(WRITE_SECONDS, DEFAULT_WRITE_SECONDS);
        holderMaxAge =
                Duration.ofSeconds(Math.max(0, config.getInt(USER_STORAGE_SECONDS, DEFAULT_USER_STORAGE_SECONDS)));
        writeSeconds = Math.max(1, Math.min(seconds, LONGEST_WRITE_SECONDS));
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        limits = new KeyLimits(factory);
        lastUses = new LastUses(factory);
        factory.register(event -> {
            if (event instanceof PostMigrationEvent) {
                KeycloakModelUtils.runJobInTransaction(factory, this::schedule);
            }
        });
    }

    private void schedule(KeycloakSession session) {
        TimerProvider timer = session.getProvider(TimerProvider.class);
        // As tasks, which may fail: an exception of a bare runnable would end the timer, and with it Keycloak's own
        // tasks.
        timer.scheduleTask(own -> lastUses.write(), writeSeconds * 1000L, "api-key-last-uses");
        timer.scheduleTask(own -> limits.putBackLeftOvers(), LEFT_OVERS_MILLIS, "api-key-left-overs");
    }

    @Override
    public KeyUsage create(KeycloakSession session) {
        return new KeyUsage(session, limits, lastUses, holderMaxAge);
    }

    /** Returns the database connection, so that it is closed after this factory, which writes when it closes. */
    @Override
    public Set<Class<? extends Provider>> dependsOn() {
        return Set.of(JpaConnectionProvider.class);
    }

    @Override
    public void close() {
        limits.close();
        lastUses.write();
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return ProviderConfigurationBuilder.create()
                .property()
                .name(WRITE_SECONDS)
                .type(ProviderConfigProperty.INTEGER_TYPE)
                .helpText("How often, in seconds, the last use of keys is written to the database.")
                .defaultValue(DEFAULT_WRITE_SECONDS)
                .add()
                .property()
                .name(USER_STORAGE_SECONDS)
                .type(ProviderConfigProperty.INTEGER_TYPE)
                .helpText(
                        "How long, in seconds, a user storage such as LDAP is not asked again about the holder of a key.")
                .defaultValue(DEFAULT_USER_STORAGE_SECONDS)
                .add()
                .build();
    }
}
