package io.apikeys.keycloak.rest;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import org.keycloak.models.KeycloakSession;

/** What is below {@code /realms/{realm}/api-keys}. */
public final class ApiKeysResource {

    private final KeycloakSession session;

    ApiKeysResource(KeycloakSession session) {
        this.session = session;
    }

    @Path("auth")
    public GatewayCheck gatewayCheck() {
        return new GatewayCheck(session);
    }

    @Path("revoke")
    public KeyRevocation revocation() {
        requireHttps();
        return new KeyRevocation(session);
    }

    /** Lets nobody near the resource without a token. */
    @Path("/")
    public Object selfService() {
        if (HttpMethod.OPTIONS.equals(session.getContext().getHttpRequest().getHttpMethod())) {
            return new CorsPreflight();
        }
        requireHttps();
        return new SelfServiceResource(session, AccountBearer.authenticate(session));
    }

    private void requireHttps() {
        if (RequiredHttps.isMissing(session.getContext())) {
            throw Refused.forbidden("HTTPS required");
        }
    }
}
