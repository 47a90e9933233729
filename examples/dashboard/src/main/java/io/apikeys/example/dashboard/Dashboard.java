package io.apikeys.example.dashboard;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.web.SecurityFilterChain;

@SpringBootApplication
public class Dashboard {

    public static void main(String[] args) {
        SpringApplication.run(Dashboard.class, args);
    }

    /** Spring's defaults, and a logout that also ends the session at Keycloak. */
    @Bean
    SecurityFilterChain security(HttpSecurity http, ClientRegistrationRepository clients) {
        var atKeycloakToo = new OidcClientInitiatedLogoutSuccessHandler(clients);
        atKeycloakToo.setPostLogoutRedirectUri("{baseUrl}");
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .oauth2Login(Customizer.withDefaults())
                .logout(logout -> logout.logoutSuccessHandler(atKeycloakToo))
                .build();
    }
}
