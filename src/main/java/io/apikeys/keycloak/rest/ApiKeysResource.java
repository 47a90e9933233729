package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.internals.rest.AccountBearer;
import io.apikeys.keycloak.rest.account.CorsPreflight;
import io.apikeys.keycloak.rest.account.KeyChoicesResource;
import io.apikeys.keycloak.rest.account.OwnApiKeysResource;
import io.apikeys.keycloak.rest.alerts.GitHubAlertsResource;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.rest.api.RequiredHttps;
import io.apikeys.keycloak.rest.gateway.GatewayCheckResource;
import io.apikeys.keycloak.rest.gateway.KeyRotationResource;
import io.apikeys.keycloak.rest.ui.ConsoleResource;
import io.apikeys.keycloak.rest.ui.UiResource;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.function.Function;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.managers.Auth;

/** The root resource of {@code /realms/{realm}/api-keys}. */
public final class ApiKeysResource {

    private final KeycloakSession session;

    ApiKeysResource(KeycloakSession session) {
        this.session = session;
    }

    @Path("auth")
    public GatewayCheckResource gatewayCheck() {
        return new GatewayCheckResource(session);
    }

    @Path("revoke")
    public KeyRevocationResource revocation() {
        requireHttps();
        return new KeyRevocationResource(session);
    }

    @Path("rotate")
    public KeyRotationResource rotation() {
        requireHttps();
        return new KeyRotationResource(session);
    }

    @Path("alerts/github")
    public GitHubAlertsResource gitHubAlerts() {
        requireHttps();
        return new GitHubAlertsResource(session);
    }

    @Path("ui")
    public UiResource ui() {
        return new UiResource();
    }

    /**
     * Also answers in realms without keys, because the administrators of the master realm sign in there to manage the keys
     * of others.
     */
    @Path("console")
    public ConsoleResource console() {
        requireHttps();
        return new ConsoleResource(session);
    }

    /** Also answers in realms without keys: that they have none. */
    @Path("choices")
    public Object choices() {
        return ofCaller(caller -> new KeyChoicesResource(session, caller));
    }

    /** Returns the resource for the caller's own keys. Requires a bearer token, except for a CORS preflight request. */
    @Path("/")
    public Object selfService() {
        return ofCaller(caller -> {
            ApiErrors.requireKeysEnabled(caller.getRealm());
            return new OwnApiKeysResource(session, caller);
        });
    }

    /** Lets nobody near a resource without a token. */
    private Object ofCaller(Function<Auth, Object> resource) {
        if (HttpMethod.OPTIONS.equals(session.getContext().getHttpRequest().getHttpMethod())) {
            return new CorsPreflight();
        }
        requireHttps();
        return resource.apply(AccountBearer.authenticate(session));
    }

    private void requireHttps() {
        if (RequiredHttps.isMissing(session.getContext())) {
            throw ApiErrors.forbidden("This realm requires HTTPS. Send the request over HTTPS.");
        }
    }
}
