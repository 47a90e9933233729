package io.apikeys.keycloak.login;

import io.apikeys.keycloak.PlainFactory;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import java.util.List;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ProviderConfigProperty;

/** Creates the authenticator that shows the login page for an API key. */
public final class ApiKeyFormAuthenticatorFactory implements AuthenticatorFactory, PlainFactory<Authenticator> {

    public static final String PROVIDER_ID = "api-key-form";

    private static final ApiKeyFormAuthenticator FORM = new ApiKeyFormAuthenticator();

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public String getDisplayType() {
        return "API key";
    }

    @Override
    public String getHelpText() {
        return "Signs a user in with one of their API keys. The key identifies the user, so no username is needed.";
    }

    /**
     * Returns the credential type, so that the Account Console lists it in realms whose flows use this authenticator.
     */
    @Override
    public String getReferenceCategory() {
        return ApiKeyCredentialModel.TYPE;
    }

    @Override
    public boolean isConfigurable() {
        return false;
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return List.of();
    }

    @Override
    public Requirement[] getRequirementChoices() {
        return new Requirement[] {Requirement.REQUIRED, Requirement.ALTERNATIVE, Requirement.DISABLED};
    }

    /**
     * Returns false: if users could set up a first factor while signing in, anybody could take over an account without
     * one.
     */
    @Override
    public boolean isUserSetupAllowed() {
        return false;
    }

    @Override
    public Authenticator create(KeycloakSession session) {
        return FORM;
    }
}
