package io.apikeys.example.reports;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who may read the report? Whoever Keycloak says the bearer of the token is; how is a matter of configuration. */
@SpringBootApplication
@RestController
public class ReportsApi {

    public static void main(String[] arguments) {
        SpringApplication.run(ReportsApi.class, arguments);
    }

    @GetMapping("/report")
    Map<String, Object> report(@AuthenticationPrincipal OAuth2AuthenticatedPrincipal caller) {
        return Map.of("for", caller.getAttribute("username"), "report", "All is well.");
    }
}
