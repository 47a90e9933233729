package io.apikeys.keycloak.rest.gateway;

import io.apikeys.keycloak.rest.api.ApiKeysPath;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns every request to {@link GatewayCheckResource} into a {@code GET} without a body, because gateways send the
 * method of the request that they check. Otherwise Keycloak would answer {@code OPTIONS} without a check, refuse an
 * unknown method, and read the form of a {@code POST} before a key has been verified. Also takes away query
 * parameter {@code request} and everything after it, where Envoy puts the path and query of that request.
 */
@Provider
@PreMatching
public final class GatewayMethodFilter implements ContainerRequestFilter {

    private static final Pattern ASKED_ABOUT = Pattern.compile("(?:^|&)request=");

    @Override
    public void filter(ContainerRequestContext request) {
        if (ApiKeysPath.of(request.getUriInfo().getPath())
                .filter(path -> path.isAtOrBelow("auth"))
                .isPresent()) {
            request.setMethod(HttpMethod.GET);
            request.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
            forgetRequestAskedAbout(request);
        }
    }

    private static void forgetRequestAskedAbout(ContainerRequestContext request) {
        URI uri = request.getUriInfo().getRequestUri();
        Matcher asked = ASKED_ABOUT.matcher(uri.getRawQuery() == null ? "" : uri.getRawQuery());
        if (asked.find()) {
            String own = uri.getRawQuery().substring(0, asked.start());
            request.setRequestUri(UriBuilder.fromUri(uri)
                    .replaceQuery(own.isEmpty() ? null : own)
                    .build());
        }
    }
}
