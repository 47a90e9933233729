package io.apikeys.keycloak.rest.api;

import org.keycloak.models.KeycloakContext;

/** The realm's setting <em>Require SSL</em>, under the rule of Keycloak's own endpoints ({@code TokenEndpoint.checkSsl}). */
public final class RequiredHttps {

    private RequiredHttps() {}

    /** Whether a request came over plain HTTP from where that is not allowed. */
    public static boolean isMissing(KeycloakContext context) {
        return !"https".equals(context.getUri().getBaseUri().getScheme())
                && context.getRealm().getSslRequired().isRequired(context.getConnection());
    }
}
