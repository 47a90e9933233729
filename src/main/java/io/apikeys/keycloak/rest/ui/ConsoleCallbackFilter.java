package io.apikeys.keycloak.rest.ui;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Redirects {@code /admin/{realm}/console/api-keys} to the page of {@link ConsoleResource}. The page signs its user in with
 * the client of the Admin Console, which every realm has and which allows redirects to addresses below its own only. The
 * answer to the login is in the fragment, which browsers keep and do not send.
 */
@Provider
@PreMatching
public final class ConsoleCallbackFilter implements ContainerRequestFilter {

    private static final String CALLBACK = "/console/api-keys";

    /** Not below {@code admin/realms}, the Admin REST API, in which {@code console} is the name of a realm. */
    private static final Pattern PATH = Pattern.compile("(?:.*/)?admin/(?!realms/)([^/]+)" + CALLBACK);

    @Override
    public void filter(ContainerRequestContext request) {
        String path = request.getUriInfo().getRequestUri().getRawPath();
        if (path.endsWith(CALLBACK) && HttpMethod.GET.equals(request.getMethod())) {
            page(path)
                    .ifPresent(page -> request.abortWith(Response.status(Response.Status.FOUND)
                            .header(HttpHeaders.LOCATION, page)
                            .build()));
        }
    }

    /** Returns the address of the page, relative to a path; empty for any other path. */
    static Optional<String> page(String path) {
        Matcher parts = PATH.matcher(path);
        return parts.matches()
                ? Optional.of("../../../realms/" + parts.group(1) + "/api-keys/console")
                : Optional.empty();
    }
}
