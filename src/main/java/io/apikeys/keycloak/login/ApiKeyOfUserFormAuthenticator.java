package io.apikeys.keycloak.login;

import io.apikeys.keycloak.management.ApiKeyCredentialProvider;
import io.apikeys.keycloak.management.ApiKeyCredentialProviderFactory;
import org.keycloak.authentication.CredentialValidator;
import org.keycloak.models.KeycloakSession;

/**
 * The login page for an API key of a user who is known already, from a username step or an earlier login. Keycloak offers
 * it, like a password, only to users who have a key, and in the order of their credentials.
 */
final class ApiKeyOfUserFormAuthenticator extends ApiKeyFormAuthenticator
        implements CredentialValidator<ApiKeyCredentialProvider> {

    @Override
    public ApiKeyCredentialProvider getCredentialProvider(KeycloakSession session) {
        return ApiKeyCredentialProviderFactory.provider(session);
    }
}
