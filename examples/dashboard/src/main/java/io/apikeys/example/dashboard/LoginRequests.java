package io.apikeys.example.dashboard;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;

/** Asks Keycloak for a login as recent as the page that the user wants needs: {@code /keys?max_age=300}. */
final class LoginRequests implements OAuth2AuthorizationRequestResolver {

    static final String MAX_AGE = "max_age";

    private final OAuth2AuthorizationRequestResolver defaults;
    private final HttpSessionRequestCache wantedPages = new HttpSessionRequestCache();

    LoginRequests(ClientRegistrationRepository clients) {
        defaults = new DefaultOAuth2AuthorizationRequestResolver(clients);
    }

    @Override
    public OAuth2AuthorizationRequest resolve(HttpServletRequest request) {
        return withMaxAge(defaults.resolve(request), request);
    }

    @Override
    public OAuth2AuthorizationRequest resolve(HttpServletRequest request, String client) {
        return withMaxAge(defaults.resolve(request, client), request);
    }

    private OAuth2AuthorizationRequest withMaxAge(OAuth2AuthorizationRequest login, HttpServletRequest request) {
        SavedRequest wanted = login == null ? null : wantedPages.getRequest(request, null);
        String[] maxAge = wanted == null ? null : wanted.getParameterValues(MAX_AGE);
        if (maxAge == null) {
            return login;
        }
        return OAuth2AuthorizationRequest.from(login)
                .additionalParameters(more -> more.put(MAX_AGE, maxAge[0]))
                .build();
    }
}
