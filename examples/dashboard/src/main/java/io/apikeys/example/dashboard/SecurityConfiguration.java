package io.apikeys.example.dashboard;

import java.net.URI;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.oauth2.client.OidcBackChannelLogoutHandler;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.oidc.session.InMemoryOidcSessionRegistry;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionRegistry;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.client.OAuth2ClientHttpRequestInterceptor;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.session.HttpSessionEventPublisher;
import org.springframework.web.client.RestClient;

/** Spring's defaults, and sessions that end together with those at Keycloak. */
@Configuration
class SecurityConfiguration {

    /** The client's name in {@code application.yaml}. */
    static final String KEYCLOAK = "keycloak";

    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; img-src 'self'; style-src 'self';"
            + " script-src 'self' {keycloak}; connect-src 'self' {keycloak}; form-action 'self' {keycloak};"
            + " base-uri 'none'; frame-ancestors 'none'";

    @Bean
    SecurityFilterChain security(
            HttpSecurity http,
            ClientRegistrationRepository clients,
            @Value("${spring.security.oauth2.client.provider.keycloak.issuer-uri}") URI realm) {
        var atKeycloakToo = new OidcClientInitiatedLogoutSuccessHandler(clients);
        atKeycloakToo.setPostLogoutRedirectUri("{baseUrl}/signed-out");
        var scripts = PathPatternRequestMatcher.withDefaults().matcher("/api/**");
        String policy =
                CONTENT_SECURITY_POLICY.replace("{keycloak}", realm.getScheme() + "://" + realm.getAuthority());
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/signed-out", "/assets/**")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oauth2Login(login -> login.authorizationEndpoint(
                        endpoint -> endpoint.authorizationRequestResolver(new LoginRequests(clients))))
                .logout(logout -> logout.logoutSuccessHandler(atKeycloakToo))
                .oidcLogout(logout -> logout.backChannel(Customizer.withDefaults()))
                // A script cannot follow to the login page.
                .exceptionHandling(handling -> handling.defaultAuthenticationEntryPointFor(
                        new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED), scripts))
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(policy)))
                .build();
    }

    /** Ends the session here when Keycloak says that it has ended there, for example because its key was revoked. */
    @Bean
    OidcBackChannelLogoutHandler backChannelLogout(
            OidcSessionRegistry sessions, @Value("${server.servlet.session.cookie.name}") String cookie) {
        var handler = new OidcBackChannelLogoutHandler(sessions);
        handler.setSessionCookieName(cookie);
        return handler;
    }

    @Bean
    OidcSessionRegistry sessions() {
        return new InMemoryOidcSessionRegistry();
    }

    /** Tells the registry which sessions have ended. */
    @Bean
    HttpSessionEventPublisher sessionEvents() {
        return new HttpSessionEventPublisher();
    }

    /** Keeps tokens by session. By default Spring keeps them by user, and two browsers of one user would share them. */
    @Bean
    OAuth2AuthorizedClientRepository tokens() {
        return new HttpSessionOAuth2AuthorizedClientRepository();
    }

    /** Sends requests with the access token of the user who is signed in, and renews it when it is due. */
    @Bean
    RestClient asTheUser(OAuth2AuthorizedClientManager clients) {
        var token = new OAuth2ClientHttpRequestInterceptor(clients);
        token.setClientRegistrationIdResolver(request -> KEYCLOAK);
        return RestClient.builder().requestInterceptor(token).build();
    }
}
