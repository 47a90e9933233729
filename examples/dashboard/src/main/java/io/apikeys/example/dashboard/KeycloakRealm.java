package io.apikeys.example.dashboard;

import java.time.Instant;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** The realm that users sign in to, and its REST API for the keys of a user. */
@Component
class KeycloakRealm {

    private final RestClient asTheUser;
    private final String url;

    KeycloakRealm(
            RestClient asTheUser,
            @Value("${spring.security.oauth2.client.provider.keycloak.issuer-uri}") String url) {
        this.asTheUser = asTheUser;
        this.url = url;
    }

    /**
     * What no token says of a key.
     *
     * @param hint the beginning and the end of the key
     * @param expiresAt null if it never expires
     */
    record KeyDetails(String hint, Instant expiresAt) {}

    String url() {
        return url;
    }

    KeyDetails details(SignedInKey key) {
        return asTheUser.get().uri(url + "/api-keys/{id}", key.id()).retrieve().body(KeyDetails.class);
    }
}
