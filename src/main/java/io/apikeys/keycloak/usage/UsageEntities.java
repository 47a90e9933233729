package io.apikeys.keycloak.usage;

import io.apikeys.keycloak.PlainFactory;
import io.apikeys.keycloak.limit.LimitRecord;
import java.util.List;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProviderFactory;
import org.keycloak.models.KeycloakSession;

/** Adds the tables of this extension to Keycloak's database. Stateless, and therefore its own factory. */
public final class UsageEntities
        implements JpaEntityProviderFactory, PlainFactory<JpaEntityProvider>, JpaEntityProvider {

    @Override
    public String getId() {
        return "api-keys";
    }

    @Override
    public String getFactoryId() {
        return getId();
    }

    @Override
    public JpaEntityProvider create(KeycloakSession session) {
        return this;
    }

    @Override
    public List<Class<?>> getEntities() {
        return List.of(KeyRecord.class, LimitRecord.class, ImportedHash.class);
    }

    @Override
    public String getChangelogLocation() {
        return "META-INF/api-keys-changelog.xml";
    }

    @Override
    public void close() {}
}
