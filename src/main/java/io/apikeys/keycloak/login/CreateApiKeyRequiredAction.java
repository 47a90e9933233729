package io.apikeys.keycloak.login;

import io.apikeys.keycloak.PlainFactory;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.internals.session.Impersonation;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.management.IssuedKey;
import io.apikeys.keycloak.management.KeySettings;
import io.apikeys.keycloak.management.UnconfirmedKeys;
import io.apikeys.keycloak.policy.PolicyError;
import io.apikeys.keycloak.policy.PolicyProperties;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.session.KeySession;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.CredentialRegistrator;
import org.keycloak.authentication.InitiatedActionSupport;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionConfigModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.userprofile.ValidationException;
import org.keycloak.utils.StringUtil;
import org.keycloak.validate.ValidationError;

/**
 * Required action {@value RealmPolicy#ACTION}: a user creates a key on a page, which shows it once. The configuration
 * of the action is the realm's policy for all keys. Stateless, and therefore its own factory.
 */
public final class CreateApiKeyRequiredAction
        implements RequiredActionFactory,
                PlainFactory<RequiredActionProvider>,
                RequiredActionProvider,
                CredentialRegistrator {

    private static final String TEMPLATE = "create-api-key.ftl";
    private static final String NAME = "name";
    private static final String EXPIRY = "expiry";

    /** The form parameter of the page that shows the key. */
    private static final String SAVED = "saved";

    /** The form parameter of the page that only says that the key has been shown: creates another key in its place. */
    private static final String AGAIN = "again";

    /** The note of a login in which a key was created and shown; its value is the id of the key. */
    private static final String SHOWN = "api-key-shown";

    @Override
    public String getId() {
        return RealmPolicy.ACTION;
    }

    @Override
    public String getDisplayText() {
        return "Create API key";
    }

    @Override
    public RequiredActionProvider create(KeycloakSession session) {
        return this;
    }

    @Override
    public String getCredentialType(KeycloakSession session, AuthenticationSessionModel login) {
        return ApiKeyCredentialModel.TYPE;
    }

    @Override
    public InitiatedActionSupport initiatedActionSupport() {
        return InitiatedActionSupport.SUPPORTED;
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return Stream.concat(PolicyProperties.ALL.stream(), RequiredActionFactory.super.getConfigMetadata().stream())
                .toList();
    }

    @Override
    public void validateConfig(KeycloakSession session, RealmModel realm, RequiredActionConfigModel config) {
        check(config).ifPresent(error -> {
            throw new ValidationException(new ValidationError(getId(), error.setting(), error.sentence()));
        });
        RequiredActionFactory.super.validateConfig(session, realm, config);
    }

    private Optional<PolicyError> check(RequiredActionConfigModel config) {
        return RealmPolicy.check(
                config,
                getConfigMetadata().stream()
                        .map(ProviderConfigProperty::getName)
                        .collect(Collectors.toSet()));
    }

    /** Has Keycloak refuse the import of a realm whose policy cannot be read; it validates no required action that it imports. */
    @Override
    public void postInit(KeycloakSessionFactory factory) {
        factory.register(event -> {
            if (event instanceof RealmModel.RealmPostCreateEvent created) {
                RealmModel realm = created.getCreatedRealm();
                Optional.ofNullable(realm.getRequiredActionConfigByAlias(getId()))
                        .flatMap(this::check)
                        .ifPresent(error -> {
                            throw new ModelException("The policy for API keys of realm " + realm.getName()
                                    + ", the configuration of required action " + getId() + ", is wrong: "
                                    + error.sentence() + ".");
                        });
            }
        });
    }

    /** Does nothing: only an administrator or an application asks a user to create a key. */
    @Override
    public void evaluateTriggers(RequiredActionContext context) {}

    @Override
    public void requiredActionChallenge(RequiredActionContext context) {
        if (mayNot(context)) {
            context.ignore();
        } else if (isShown(context)) {
            context.challenge(context.form().createForm(TEMPLATE));
        } else if (!RealmPolicy.of(context.getRealm()).isReadable()) {
            refuse(context);
        } else {
            context.challenge(form(context, "", "").createForm(TEMPLATE));
        }
    }

    @Override
    public void processAction(RequiredActionContext context) {
        MultivaluedMap<String, String> sent = context.getHttpRequest().getDecodedFormParameters();
        if (mayNot(context)) {
            context.ignore();
        } else if (!isShown(context) && !RealmPolicy.of(context.getRealm()).isReadable()) {
            refuse(context);
        } else if (!isShown(context)) {
            make(context, text(sent, NAME), text(sent, EXPIRY));
        } else if (sent.containsKey(SAVED)) {
            UnconfirmedKeys.confirm(
                    context.getSession(), context.getAuthenticationSession().getAuthNote(SHOWN));
            context.getAuthenticationSession().removeAuthNote(SHOWN);
            context.success();
        } else if (sent.containsKey(AGAIN)) {
            askAgain(context);
        } else {
            // The page was reloaded: create no second key, and do not show the first one again.
            requiredActionChallenge(context);
        }
    }

    /** Asks for a key with the name of the one that has been shown, which it then replaces. */
    private static void askAgain(RequiredActionContext context) {
        String name = HolderKeys.find(
                        context.getUser(), context.getAuthenticationSession().getAuthNote(SHOWN))
                .map(ApiKeyCredentialModel::name)
                .orElse("");
        context.getAuthenticationSession().removeAuthNote(SHOWN);
        context.challenge(form(context, name, "").createForm(TEMPLATE));
    }

    /** Tells users who asked for a key that none is created. The login of other users continues without this action. */
    private static void refuse(RequiredActionContext context) {
        if (context.getAuthenticationSession().getClientNote(Constants.KC_ACTION_EXECUTING) == null) {
            context.ignore();
        } else {
            context.challenge(context.form()
                    .setAttribute("apiKeyRefused", "apiKeyPolicyUnreadable")
                    .createForm(TEMPLATE));
        }
    }

    private static void make(RequiredActionContext context, String name, String expiry) {
        try {
            IssuedKey issued = make(context, KeySettings.of(name, ExpiryChoice.read(expiry)));
            context.getAuthenticationSession()
                    .setAuthNote(SHOWN, issued.credential().getId());
            KeyEvents.describe(context.getEvent().clone().event(EventType.UPDATE_CREDENTIAL), issued.credential())
                    .success();
            context.challenge(context.form()
                    .setAttribute("apiKeyName", issued.credential().name())
                    .setAttribute("apiKeyRaw", issued.key().reveal())
                    .createForm(TEMPLATE));
        } catch (InvalidKeyException invalid) {
            String field = "expiresAt".equals(invalid.field()) ? EXPIRY : NAME;
            context.challenge(form(context, name, expiry)
                    .addError(new FormMessage(field, invalid.messageKey()))
                    .createForm(TEMPLATE));
        }
    }

    /**
     * Creates a key in a transaction of its own, so that a refusal is rolled back although the page that reports it
     * commits.
     *
     * @throws InvalidKeyException if the key is refused
     */
    private static IssuedKey make(RequiredActionContext context, KeySettings asked) throws InvalidKeyException {
        KeycloakSession session = context.getSession();
        Optional<String> actingKey = KeySession.keyId(session, context.getAuthenticationSession());
        Outcome outcome = KeycloakModelUtils.runJobInTransactionWithResult(
                session.getKeycloakSessionFactory(),
                session.getContext(),
                own -> {
                    RealmModel realm = own.realms().getRealm(context.getRealm().getId());
                    UserModel holder =
                            own.users().getUserById(realm, context.getUser().getId());
                    HolderKeys keys = HolderKeys.ownedBy(holder, realm, own);
                    try {
                        HolderKeys acting = actingKey.map(keys::actingFor).orElse(keys);
                        return new Outcome(new UnconfirmedKeys(own, realm, holder, acting).create(asked), null);
                    } catch (InvalidKeyException invalid) {
                        own.getTransactionManager().setRollbackOnly();
                        return new Outcome(null, invalid);
                    }
                },
                "creation of an API key");
        if (outcome.invalid() != null) {
            throw outcome.invalid();
        }
        return Objects.requireNonNull(outcome.issued());
    }

    private record Outcome(
            @Nullable IssuedKey issued, @Nullable InvalidKeyException invalid) {}

    private static LoginFormsProvider form(RequiredActionContext context, String name, String expiry) {
        return context.form()
                .setAttribute("apiKeyName", name)
                .setAttribute("apiKeyExpiry", expiry)
                .setAttribute("apiKeyExpiries", ExpiryChoice.within(RealmPolicy.of(context.getRealm())));
    }

    private static boolean isShown(RequiredActionContext context) {
        return context.getAuthenticationSession().getAuthNote(SHOWN) != null;
    }

    private static boolean mayNot(RequiredActionContext context) {
        return !RealmPolicy.of(context.getRealm()).holdersMakeKeys()
                || isKeySessionThatMayNot(context)
                || isImpersonated(context);
    }

    private static boolean isImpersonated(RequiredActionContext context) {
        Optional<Impersonation> impersonation =
                Impersonation.in(context.getSession(), context.getAuthenticationSession());
        impersonation.ifPresent(by -> {
            EventBuilder event = context.getEvent()
                    .clone()
                    .event(EventType.UPDATE_CREDENTIAL)
                    .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE);
            by.describe(event);
            event.error(Errors.NOT_ALLOWED);
        });
        return impersonation.isPresent();
    }

    /**
     * Returns whether a key session must not create keys, even if Keycloak itself demands the action: otherwise a
     * stolen key could create its own successor.
     */
    private static boolean isKeySessionThatMayNot(RequiredActionContext context) {
        return KeySession.keyId(context.getSession(), context.getAuthenticationSession())
                .filter(keyId ->
                        !KeySession.mayManageKeys(context.getSession(), context.getRealm(), context.getUser(), keyId))
                .isPresent();
    }

    @Override
    public void close() {}

    private static String text(MultivaluedMap<String, String> sent, String name) {
        String value = sent.getFirst(name);
        return StringUtil.isBlank(value) ? "" : value;
    }
}
