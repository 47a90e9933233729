package io.apikeys.keycloak.management;

import java.util.Map;
import org.keycloak.credential.CredentialProvider;
import org.keycloak.credential.CredentialProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ServerInfoAwareProviderFactory;

/** Also tells the Admin Console's provider page which version of this extension is running. */
public final class ApiKeyCredentialProviderFactory
        implements CredentialProviderFactory<ApiKeyCredentialProvider>, ServerInfoAwareProviderFactory {

    public static final String PROVIDER_ID = "keycloak-api-key";

    /** The one provider of a session, as Keycloak's authenticators get theirs. */
    public static ApiKeyCredentialProvider provider(KeycloakSession session) {
        return (ApiKeyCredentialProvider) session.getProvider(CredentialProvider.class, PROVIDER_ID);
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public ApiKeyCredentialProvider create(KeycloakSession session) {
        return new ApiKeyCredentialProvider(session);
    }

    @Override
    public Map<String, String> getOperationalInfo() {
        String version = getClass().getPackage().getImplementationVersion();
        return Map.of("version", version == null ? "unknown" : version);
    }
}
