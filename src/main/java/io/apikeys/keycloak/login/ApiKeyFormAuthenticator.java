package io.apikeys.keycloak.login;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.internals.login.DemandedAction;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.Door;
import io.apikeys.keycloak.verify.KeyEvents;
import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.Refused;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.services.resources.LoginActionsService;

/**
 * The login page for an API key. The key identifies the user, so the page needs no username step before it. After such
 * a step, or when a user re-authenticates, the key must be that user's.
 */
class ApiKeyFormAuthenticator implements Authenticator {

    static final String FIELD = "apiKey";

    private static final String TEMPLATE = "login-api-key.ftl";

    private static final Logger LOG = Logger.getLogger(ApiKeyFormAuthenticator.class);

    @Override
    public void authenticate(AuthenticationFlowContext context) {
        if (isLogin(context)) {
            context.challenge(page(context));
        } else {
            context.attempted();
        }
    }

    /**
     * Returns whether the flow signs a user in. In any other flow, such as the first login through an identity provider
     * or the reset of credentials, a key could make changes to its holder's account that outlive the key.
     */
    private static boolean isLogin(AuthenticationFlowContext context) {
        boolean login = LoginActionsService.AUTHENTICATE_PATH.equals(context.getFlowPath());
        if (!login) {
            LOG.warnf(
                    "Authenticator %s runs only in browser flows; flow '%s' continues without it",
                    ApiKeyFormAuthenticatorFactory.PROVIDER_ID,
                    context.getTopLevelFlow().getAlias());
        }
        return login;
    }

    @Override
    public void action(AuthenticationFlowContext context) {
        if (!isLogin(context)) {
            context.attempted();
            return;
        }
        String presented = PastedKey.read(
                context.getHttpRequest().getDecodedFormParameters().getFirst(FIELD));
        Verification answer = new ApiKeyVerifier(context.getSession(), context.getRealm())
                .verify(presented, Door.LOGIN_FORM, found -> mayBe(found.holder(), context.getUser()));
        if (answer instanceof Valid valid) {
            signIn(context, valid);
        } else if (answer instanceof Refused refused) {
            boolean empty = presented == null || presented.isBlank();
            refuse(context, refused, empty ? "apiKeyMissing" : refused.reason().messageKey());
        }
    }

    private static void signIn(AuthenticationFlowContext context, Valid valid) {
        Optional<String> demanded =
                DemandedAction.forbidding(context, valid.holder(), valid.key().id());
        if (demanded.isEmpty()) {
            KeyLogin.signIn(context, valid);
            return;
        }
        KeyEvents.describe(context.getEvent(), valid);
        context.getEvent()
                .user(valid.holder())
                .detail(Details.REASON, demanded.get())
                .error(Errors.RESOLVE_REQUIRED_ACTIONS);
        context.forceChallenge(page(context, new FormMessage(FIELD, "apiKeyActionDemanded", demanded.get())));
    }

    private static boolean mayBe(UserModel holder, @Nullable UserModel expected) {
        return expected == null || expected.getId().equals(holder.getId());
    }

    /**
     * Shows the page again. Does not fail the flow, because Keycloak would count that against the user whom an earlier
     * step or an attempted username has identified.
     */
    private static void refuse(AuthenticationFlowContext context, Refused answer, String message) {
        KeyEvents.error(context.getEvent(), answer);
        context.forceChallenge(page(context, new FormMessage(FIELD, message)));
    }

    private static Response page(AuthenticationFlowContext context, FormMessage... errors) {
        LoginFormsProvider form = context.form();
        Stream.of(errors).forEach(form::addError);
        return form.setAttribute("apiKeySaved", ApiKeyFormAuthenticatorFactory.keysMayBeSaved(context))
                .createForm(TEMPLATE);
    }

    @Override
    public boolean requiresUser() {
        return false;
    }

    @Override
    public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
        return RealmPolicy.enabled(realm)
                && user.credentialManager()
                        .getStoredCredentialsByTypeStream(ApiKeyCredentialModel.TYPE)
                        .findAny()
                        .isPresent();
    }

    /** Does nothing: anybody can enter a username, and must not be led to create a key for that user. */
    @Override
    public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

    @Override
    public void close() {}
}
