package io.apikeys.keycloak.login;

import io.apikeys.keycloak.management.ApiKeyCredentialProvider;
import io.apikeys.keycloak.management.ApiKeyCredentialProviderFactory;
import org.keycloak.authentication.CredentialValidator;
import org.keycloak.models.KeycloakSession;

/**
 * The login page for an API key as one of the credentials of a user. Keycloak ({@code AuthenticationSelectionResolver})
 * offers it behind all steps that are not for a credential while nobody is known, and afterwards only to users who have a
 * key, in the order of their credentials.
 */
final class ApiKeyCredentialFormAuthenticator extends ApiKeyFormAuthenticator
        implements CredentialValidator<ApiKeyCredentialProvider> {

    @Override
    public ApiKeyCredentialProvider getCredentialProvider(KeycloakSession session) {
        return ApiKeyCredentialProviderFactory.provider(session);
    }
}
