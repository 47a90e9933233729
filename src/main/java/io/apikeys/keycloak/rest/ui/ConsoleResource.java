package io.apikeys.keycloak.rest.ui;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.keycloak.headers.SecurityHeadersProvider;
import org.keycloak.models.BrowserSecurityHeaders;
import org.keycloak.models.KeycloakSession;
import org.keycloak.urls.UrlType;

/**
 * Serves the page on which administrators manage the keys of a realm, for those who do not use the admin theme. The page
 * holds no data: it signs its user in, and asks the Admin REST API.
 */
public final class ConsoleResource {

    private static final UiModule PAGE = UiModule.load("console.html");

    private final KeycloakSession session;

    public ConsoleResource(KeycloakSession session) {
        this.session = session;
    }

    @GET
    public Response get() {
        if (session.getContext().getUri().getPath().endsWith("/")) {
            // The page's modules have relative addresses.
            return Response.status(Response.Status.FOUND)
                    .header(HttpHeaders.LOCATION, "../console")
                    .build();
        }
        Response.ResponseBuilder answer = Response.ok(PAGE.content(), "text/html; charset=utf-8")
                .header("Cache-Control", "no-cache")
                .header("Cross-Origin-Opener-Policy", "same-origin");
        addSecurityHeaders(answer);
        return answer.build();
    }

    /** Adds the realm's security headers, except that no page may embed this one, and that it loads nothing from elsewhere. */
    private void addSecurityHeaders(Response.ResponseBuilder answer) {
        // Keycloak would replace the policy with that of the realm.
        session.getProvider(SecurityHeadersProvider.class).options().skipHeaders();
        for (BrowserSecurityHeaders header : BrowserSecurityHeaders.values()) {
            String value = switch (header) {
                case CONTENT_SECURITY_POLICY -> contentSecurityPolicy();
                case X_FRAME_OPTIONS -> "DENY";
                case REFERRER_POLICY -> "no-referrer";
                default ->
                    session.getContext()
                            .getRealm()
                            .getBrowserSecurityHeaders()
                            .getOrDefault(header.getKey(), header.getDefaultValue());
            };
            if (value != null && !value.isEmpty()) {
                answer.header(header.getHeaderName(), value);
            }
        }
    }

    /** Returns the policy. Tokens come from the server's address for users, which may differ from that for administrators. */
    private String contentSecurityPolicy() {
        URI users = session.getContext().getUri(UrlType.FRONTEND).getBaseUri();
        String origin = users.getScheme() + "://" + users.getRawAuthority();
        return "default-src 'none'; script-src 'self'; connect-src 'self' " + origin
                + "; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                + " require-trusted-types-for 'script'; trusted-types 'none'";
    }
}
