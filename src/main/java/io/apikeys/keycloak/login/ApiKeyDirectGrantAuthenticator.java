package io.apikeys.keycloak.login;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.Door;
import io.apikeys.keycloak.verify.KeyEvents;
import io.apikeys.keycloak.verify.RetryAfter;
import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.Refused;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.authenticators.directgrant.AbstractDirectGrantAuthenticator;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.provider.ProviderConfigProperty;

/**
 * The password grant with a key (RFC 6749, section 4.3), in form parameter {@code api_key}, or in {@code password} if
 * that is absent. Parameter {@code username} is optional; if sent, it must name the holder.
 */
public final class ApiKeyDirectGrantAuthenticator extends AbstractDirectGrantAuthenticator {

    /**
     * The flow path of direct grants ({@code ResourceOwnerPasswordCredentialsGrantType}). The authenticator runs in no
     * other flow.
     */
    private static final String DIRECT_GRANT_PATH = "token";

    @Override
    public String getId() {
        return "api-key-direct-grant";
    }

    @Override
    public String getDisplayType() {
        return "API key (direct grant)";
    }

    @Override
    public String getHelpText() {
        return "Accepts an API key in form parameter 'api_key' or 'password' of a direct grant request.";
    }

    @Override
    public void authenticate(AuthenticationFlowContext context) {
        if (!DIRECT_GRANT_PATH.equals(context.getFlowPath())) {
            context.attempted();
            return;
        }
        MultivaluedMap<String, String> form = context.getHttpRequest().getDecodedFormParameters();
        String presented = form.getFirst(form.containsKey("api_key") ? "api_key" : "password");
        Verification answer = new ApiKeyVerifier(context.getSession(), context.getRealm())
                .verify(
                        presented,
                        Door.DIRECT_GRANT,
                        found -> mayBe(found.holder(), form.getFirst("username"), context));
        if (answer instanceof Valid valid) {
            KeyLogin.signIn(context, valid);
        } else if (answer instanceof Refused refused) {
            refuse(context, refused);
        }
    }

    private static boolean mayBe(UserModel holder, @Nullable String username, AuthenticationFlowContext context) {
        if (context.getUser() != null && !context.getUser().getId().equals(holder.getId())) {
            return false;
        }
        if (username == null) {
            return true;
        }
        UserModel named =
                KeycloakModelUtils.findUserByNameOrEmail(context.getSession(), context.getRealm(), username.strip());
        return named != null && named.getId().equals(holder.getId());
    }

    /**
     * Refuses the key. Does not fail the flow, because Keycloak would count that against a user whom an earlier step
     * has identified.
     */
    private void refuse(AuthenticationFlowContext context, Refused answer) {
        KeyEvents.error(context.getEvent(), answer);
        RetryAfter.announce(context.getSession(), answer);
        context.forceChallenge(errorResponse(
                Status.BAD_REQUEST.getStatusCode(),
                OAuthErrorException.INVALID_GRANT,
                answer.reason().description()));
    }

    @Override
    public boolean requiresUser() {
        return false;
    }

    @Override
    public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
        return true;
    }

    /** Does nothing: a direct grant cannot show a page. */
    @Override
    public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

    @Override
    public String getReferenceCategory() {
        return ApiKeyCredentialModel.TYPE;
    }

    @Override
    public boolean isConfigurable() {
        return false;
    }

    @Override
    public Requirement[] getRequirementChoices() {
        return new Requirement[] {Requirement.REQUIRED, Requirement.DISABLED};
    }

    @Override
    public boolean isUserSetupAllowed() {
        return false;
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return List.of();
    }
}
