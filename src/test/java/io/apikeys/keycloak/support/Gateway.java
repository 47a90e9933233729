package io.apikeys.keycloak.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;

/** A gateway in front of a program, which asks Keycloak about the keys of the requests that come. */
public final class Gateway {

    private final Http http = new Http();
    private final String realm;

    Gateway(String realm) {
        this.realm = realm;
    }

    /** Asks about a key in {@code X-API-Key}. */
    public HttpResponse<String> check(String key, String... roles) {
        return check(request(roles).header("X-API-Key", key));
    }

    /** Asks with whatever headers. */
    public HttpResponse<String> check(HttpRequest.Builder request) {
        HttpResponse<String> response = http.send(request);
        Contract.check("GET", "/realms/{realm}/api-keys/auth", null, response);
        return response;
    }

    public HttpRequest.Builder request(String... roles) {
        StringBuilder query = new StringBuilder();
        for (String role : roles) {
            query.append(query.isEmpty() ? "?" : "&").append(Http.query(Map.of("role", role)));
        }
        return Http.request(KeycloakServer.running().uri("/realms/" + realm + "/api-keys/auth" + query));
    }

    /** Asks about a key in {@code X-API-Key}, with a query such as {@code include=roles}. */
    public HttpResponse<String> ask(String key, String query) {
        return check(Http.request(KeycloakServer.running().uri("/realms/" + realm + "/api-keys/auth?" + query))
                .header("X-API-Key", key));
    }

    public static String basic(String username, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(UTF_8));
    }
}
