package io.apikeys.keycloak.rest.gateway;

import io.apikeys.keycloak.rest.api.ApiKeysPath;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/**
 * Makes every request to {@link GatewayCheckResource} a {@code GET} without a body, whatever its method: gateways pass on that of the
 * request that they ask about. Otherwise {@code OPTIONS} would be answered for every resource, a method that is not known
 * would be refused, and with {@code POST} Keycloak would read a form before anybody has shown a key.
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
