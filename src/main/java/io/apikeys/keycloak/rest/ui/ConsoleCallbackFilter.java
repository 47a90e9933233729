package io.apikeys.keycloak.rest.ui;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
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
    private static final Pattern PATH = Pattern.compile("(?:.*/)?admin/([^/]+)" + CALLBACK);

    @Override
    public void filter(ContainerRequestContext request) {
        String path = request.getUriInfo().getRequestUri().getRawPath();
        if (!path.endsWith(CALLBACK)) {
            return;
        }
        Matcher parts = PATH.matcher(path);
        if (parts.matches()) {
            request.abortWith(Response.status(Response.Status.FOUND)
                    .header(HttpHeaders.LOCATION, "../../../realms/" + parts.group(1) + "/api-keys/console")
                    .build());
        }
    }
}
