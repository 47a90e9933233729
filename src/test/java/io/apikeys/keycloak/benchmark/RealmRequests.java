package io.apikeys.keycloak.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.TestRealm;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The requests to a realm.
 *
 * @param client the id of a confidential client, which asks
 */
record RealmRequests(TestRealm realm, String client) {

    private static final int DAY_SECONDS = 86_400;

    /** Makes a realm with such a client, whose tokens outlive the benchmark, and which neither keeps nor logs events. */
    static RealmRequests ofNewRealm() {
        TestRealm realm = TestRealm.importing(settings -> {
            settings.setAccessTokenLifespan(DAY_SECONDS);
            settings.setSsoSessionIdleTimeout(DAY_SECONDS);
            settings.setSsoSessionMaxLifespan(DAY_SECONDS);
        });
        realm.events().keepNone();
        realm.clients().exchanger("desk");
        realm.clients().addToAudience("desk");
        return new RealmRequests(realm, "desk");
    }

    Request publicResource() {
        return Request.get(base());
    }

    Request emptyResource() {
        return Request.get(base() + "/test-empty");
    }

    Request userinfo(String accessToken) {
        return Request.get(protocol("userinfo"), "Authorization: Bearer " + accessToken);
    }

    Request gatewayCheck(String key) {
        return Request.get(base() + "/api-keys/auth", "X-API-Key: " + key);
    }

    Request gatewayCheckWithToken(String key) {
        return Request.get(
                base() + "/api-keys/auth", "X-API-Key: " + key, "Authorization: " + RealmClients.basic(client));
    }

    Request introspection(String keyOrToken) {
        return asClient("token/introspect", Map.of("token", keyOrToken));
    }

    Request clientCredentials() {
        return asClient("token", Map.of("grant_type", "client_credentials"));
    }

    Request exchange(String key) {
        return asClient(
                "token",
                Map.of(
                        "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token_type", "urn:keycloak:token-type:api-key",
                        "subject_token", key));
    }

    private Request asClient(String endpoint, Map<String, String> form) {
        return new Request(
                protocol(endpoint),
                List.of("Authorization: " + RealmClients.basic(client)),
                form.entrySet().stream()
                        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                        .collect(Collectors.joining("&")));
    }

    private String base() {
        return KeycloakServer.running().url() + "/realms/" + realm.name();
    }

    private String protocol(String endpoint) {
        return base() + "/protocol/openid-connect/" + endpoint;
    }
}
