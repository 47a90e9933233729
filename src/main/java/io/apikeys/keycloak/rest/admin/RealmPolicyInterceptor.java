package io.apikeys.keycloak.rest.admin;

import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.rest.api.ApiErrors;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RequiredActionConfigModel;
import org.keycloak.representations.idm.RequiredActionProviderRepresentation;
import org.keycloak.userprofile.ValidationException;
import org.keycloak.utils.KeycloakSessionUtil;

/**
 * Validates the policy in {@code PUT …/authentication/required-actions/{alias}} as Keycloak does in {@code PUT …/{alias}/config}. Keycloak
 * stores what the former has, whatever it is.
 */
@Provider
public final class RealmPolicyInterceptor implements ReaderInterceptor {

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        Object body = context.proceed();
        if (body instanceof RequiredActionProviderRepresentation action
                && RealmPolicy.ACTION.equals(action.getAlias())) {
            validate(action);
        }
        return body;
    }

    private static void validate(RequiredActionProviderRepresentation action) {
        KeycloakSession session = KeycloakSessionUtil.getKeycloakSession();
        RequiredActionFactory factory = (RequiredActionFactory) session.getKeycloakSessionFactory()
                .getProviderFactory(RequiredActionProvider.class, RealmPolicy.ACTION);
        RequiredActionConfigModel config = new RequiredActionConfigModel();
        config.setAlias(action.getAlias());
        config.setProviderId(RealmPolicy.ACTION);
        config.setConfig(action.getConfig());
        try {
            factory.validateConfig(session, session.getContext().getRealm(), config);
        } catch (ValidationException invalid) {
            ValidationException.Error first = invalid.getErrors().get(0);
            throw ApiErrors.badRequest(first.getAttribute(), first.getMessage());
        }
    }
}
