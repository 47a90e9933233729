package io.apikeys.keycloak.login;

import org.keycloak.authentication.Authenticator;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Creates the authenticator that shows the login page for an API key in its place in the flow, so that a realm can offer the
 * key before a username and password.
 */
public final class ApiKeyFirstFormAuthenticatorFactory extends ApiKeyFormAuthenticatorFactory {

    private static final ApiKeyFormAuthenticator FORM = new ApiKeyFormAuthenticator();

    @Override
    public String getId() {
        return "api-key-first-form";
    }

    @Override
    public String getDisplayType() {
        return "API key (offered first)";
    }

    @Override
    public String getHelpText() {
        return "As API key, but offered in its place in the flow: before username and password if it stands before them. Put it"
                + " after Cookie, so that single sign-on goes on.";
    }

    /** Returns an authenticator that is not for a credential while nobody is known. */
    @Override
    public Authenticator create(KeycloakSession session) {
        AuthenticationSessionModel login = session.getContext().getAuthenticationSession();
        return login == null || login.getAuthenticatedUser() == null ? FORM : super.create(session);
    }
}
