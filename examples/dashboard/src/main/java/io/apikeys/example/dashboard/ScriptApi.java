package io.apikeys.example.dashboard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** What the scripts of the pages ask for; 401 once the session has ended. */
@RestController
@RequestMapping("/api")
class ScriptApi {

    private final Product product;
    private final RestClient asTheUser;

    ScriptApi(Product product, RestClient asTheUser) {
        this.product = product;
        this.asTheUser = asTheUser;
    }

    @GetMapping("/me")
    Map<String, String> me(@AuthenticationPrincipal OidcUser user) {
        return Map.of("username", user.getPreferredUsername());
    }

    /** Hands the access token to this program's own pages: no other origin has the CSRF token, or could read the answer. */
    @PostMapping("/token")
    Map<String, String> token(@RegisteredOAuth2AuthorizedClient(SecurityConfiguration.KEYCLOAK) OAuth2AuthorizedClient client) {
        return Map.of("access_token", client.getAccessToken().getTokenValue());
    }

    /** What the example API has answered. */
    record Answer(int status, String body) {}

    @GetMapping("/report")
    Answer report() {
        return asTheUser.get().uri(product.report()).exchange((request, response) -> answer(response));
    }

    private static Answer answer(ClientHttpResponse response) throws IOException {
        return new Answer(
                response.getStatusCode().value(),
                new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));
    }
}
