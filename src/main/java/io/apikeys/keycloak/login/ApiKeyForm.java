package io.apikeys.keycloak.login;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.ApiKeyCredentialProvider;
import io.apikeys.keycloak.credential.ApiKeyCredentialProviderFactory;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.Door;
import io.apikeys.keycloak.verify.KeyEvents;
import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.core.Response;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.CredentialValidator;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.FormMessage;

/**
 * The login page for an API key. The key says who signs in, so the page works without a username step; after one, or
 * when somebody re-authenticates, the key has to be that user's.
 */
final class ApiKeyForm implements Authenticator, CredentialValidator<ApiKeyCredentialProvider> {

    static final String FIELD = "apiKey";

    private static final String TEMPLATE = "login-api-key.ftl";

    @Override
    public void authenticate(AuthenticationFlowContext context) {
        context.challenge(page(context.form()));
    }

    @Override
    public void action(AuthenticationFlowContext context) {
        String presented = context.getHttpRequest().getDecodedFormParameters().getFirst(FIELD);
        Verification answer = new ApiKeyVerifier(context.getSession(), context.getRealm())
                .verify(presented, Door.LOGIN_FORM, found -> mayBe(found.holder(), context.getUser()));
        if (answer instanceof Valid valid) {
            KeyLogin.signIn(context, valid);
        } else {
            refuse(context, answer, presented == null || presented.isBlank());
        }
    }

    private static boolean mayBe(UserModel holder, UserModel expected) {
        return expected == null || expected.getId().equals(holder.getId());
    }

    /**
     * Shows the page again. Never as a failure of the flow: Keycloak would count that against the user whom an earlier
     * step or an attempted username names.
     */
    private static void refuse(AuthenticationFlowContext context, Verification answer, boolean empty) {
        KeyEvents.error(context.getEvent(), answer);
        String message = Refusal.of(answer, empty).message();
        context.forceChallenge(page(context.form().addError(new FormMessage(FIELD, message))));
    }

    private static Response page(LoginFormsProvider form) {
        return form.createForm(TEMPLATE);
    }

    @Override
    public boolean requiresUser() {
        return false;
    }

    @Override
    public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
        return user.credentialManager()
                .getStoredCredentialsByTypeStream(ApiKeyCredentialModel.TYPE)
                .findAny()
                .isPresent();
    }

    /** Nothing: who has only said a name must not be led to making a key for it. */
    @Override
    public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

    @Override
    public ApiKeyCredentialProvider getCredentialProvider(KeycloakSession session) {
        return ApiKeyCredentialProviderFactory.provider(session);
    }

    @Override
    public void close() {}
}
