package io.apikeys.keycloak.rest.api;

import org.keycloak.models.KeycloakContext;

/**
 * The realm's setting <em>Require SSL</em>, enforced by the rule of Keycloak's own endpoints ({@code
 * TokenEndpoint.checkSsl}).
 */
public final class RequiredHttps {

    private RequiredHttps() {}

    /** Returns whether a request came over plain HTTP although the realm requires HTTPS for it. */
    public static boolean isMissing(KeycloakContext context) {
        // In this order, because Keycloak makes up the base address anew for each request.
        return context.getRealm().getSslRequired().isRequired(context.getConnection())
                && !"https".equals(context.getUri().getBaseUri().getScheme());
    }
}
