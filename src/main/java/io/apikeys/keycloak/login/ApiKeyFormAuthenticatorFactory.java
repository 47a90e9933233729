package io.apikeys.keycloak.login;

import io.apikeys.keycloak.PlainFactory;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import java.util.List;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.AuthenticatorConfigModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ProviderConfigProperty;

/** Creates the authenticator that shows the login page for an API key. */
public class ApiKeyFormAuthenticatorFactory implements AuthenticatorFactory, PlainFactory<Authenticator> {

    public static final String PROVIDER_ID = "api-key-form";

    private static final String SAVING = "password-managers";

    private static final ApiKeyFormAuthenticator FORM = new ApiKeyCredentialFormAuthenticator();

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
        return true;
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return List.of(new ProviderConfigProperty(
                SAVING,
                "Password managers may save keys",
                "Whether password managers offer to save a key and to fill it in. Turn this on if keys are for people at their"
                        + " own computers.",
                ProviderConfigProperty.BOOLEAN_TYPE,
                "false"));
    }

    /** Returns whether the page asks password managers to save keys; false unless the realm's flow is configured to. */
    static boolean keysMayBeSaved(AuthenticationFlowContext context) {
        AuthenticatorConfigModel config = context.getAuthenticatorConfig();
        return config != null && Boolean.parseBoolean(config.getConfig().get(SAVING));
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
