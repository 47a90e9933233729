package io.apikeys.keycloak.usage;

import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/** Registers {@link KeyUsage} as a Keycloak provider, with the options {@code --spi-api-key-usage--default--…}. */
public final class KeyUsageSpi implements Spi {

    @Override
    public boolean isInternal() {
        return false;
    }

    @Override
    public String getName() {
        return "api-key-usage";
    }

    @Override
    public Class<? extends Provider> getProviderClass() {
        return KeyUsage.class;
    }

    @Override
    public Class<? extends ProviderFactory<KeyUsage>> getProviderFactoryClass() {
        return KeyUsageFactory.class;
    }
}
