package io.apikeys.keycloak.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** A program that takes tokens, and keys like tokens: a confidential client that asks Keycloak about them. */
public final class ResourceServer {

    private final Http http = new Http();
    private final URI endpoint;
    private final Map<String, String> credentials;

    ResourceServer(String realm, Map<String, String> credentials) {
        this.endpoint = KeycloakServer.running().uri("/realms/" + realm + "/protocol/openid-connect/token/introspect");
        this.credentials = credentials;
    }

    /** What introspection answers. */
    public record Introspection(int status, JsonNode body) {

        public boolean isActive() {
            return body.path("active").asBoolean();
        }
    }

    public Introspection introspect(String token) {
        return introspect(Map.of("token", token));
    }

    public Introspection introspect(String token, String hint) {
        return introspect(Map.of("token", token, "token_type_hint", hint));
    }

    /** Revokes a token or a key at Keycloak's endpoint, and returns the status. */
    public int revoke(String token) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("token", token));
        form.putAll(credentials);
        return http.send(Http.post(endpoint.resolve("../revoke"), form)).statusCode();
    }

    private Introspection introspect(Map<String, String> parameters) {
        Map<String, String> form = new LinkedHashMap<>(parameters);
        form.putAll(credentials);
        HttpRequest.Builder request = Http.post(endpoint, form);
        HttpResponse<String> response = http.send(request);
        return new Introspection(response.statusCode(), Json.read(response.body()));
    }
}
