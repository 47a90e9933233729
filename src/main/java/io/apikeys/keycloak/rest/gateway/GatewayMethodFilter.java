package io.apikeys.keycloak.rest.gateway;

import io.apikeys.keycloak.rest.api.ApiKeysPath;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/**
 * Turns every request to {@link GatewayCheckResource} into a {@code GET} without a body, because gateways send the
 * method of the request that they check. Otherwise Keycloak would answer {@code OPTIONS} without a check, refuse an
 * unknown method, and read the form of a {@code POST} before a key has been verified.
 */
@Provider
@PreMatching
public final class GatewayMethodFilter implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        if (ApiKeysPath.of(request.getUriInfo().getPath())
                .filter(path -> path.isAtOrBelow("auth"))
                .isPresent()) {
            request.setMethod(HttpMethod.GET);
            request.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
        }
    }
}
