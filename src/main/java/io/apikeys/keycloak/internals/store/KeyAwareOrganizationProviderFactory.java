package io.apikeys.keycloak.internals.store;

import io.apikeys.keycloak.PlainFactory;
import java.util.Comparator;
import org.keycloak.common.Profile;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.organization.OrganizationProvider;
import org.keycloak.organization.OrganizationProviderFactory;

/** Wraps the organization provider that Keycloak would otherwise use. */
public final class KeyAwareOrganizationProviderFactory
        implements OrganizationProviderFactory, PlainFactory<OrganizationProvider> {

    private static final String PROVIDER_ID = "api-keys";

    private String keycloaks;

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public int order() {
        return 100;
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        keycloaks = factory.getProviderFactoriesStream(OrganizationProvider.class)
                .filter(other -> other != this)
                .max(Comparator.comparingInt(other -> other.order()))
                .orElseThrow()
                .getId();
    }

    @Override
    public OrganizationProvider create(KeycloakSession session) {
        return StoreLayer.around(
                OrganizationProvider.class,
                session.getProvider(OrganizationProvider.class, keycloaks),
                new OrganizationLayer());
    }

    /**
     * Checks that Keycloak uses this provider if organizations are enabled.
     *
     * @throws IllegalStateException if it uses another one, with which keys would act in all organizations of their
     *     holders
     */
    public static void requireActive(KeycloakSessionFactory factory) {
        if (Profile.isFeatureEnabled(Profile.Feature.ORGANIZATION)) {
            KeyAwareDatastoreProviderFactory.requireActive(
                    factory, OrganizationProvider.class, KeyAwareOrganizationProviderFactory.class);
        }
    }
}
