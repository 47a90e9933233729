package io.apikeys.keycloak.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpHeaders;
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

    /** The answer of introspection. */
    public record Introspection(int status, HttpHeaders headers, JsonNode body) {

        public Claims claims() {
            return new Claims(body);
        }

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

    /** Introspects a token and asks for the answer as a JWT, too (RFC 9701). */
    public Introspection introspectAsJwt(String token) {
        return introspect(Map.of("token", token), "application/jwt");
    }

    /** Revokes a token or a key at Keycloak's endpoint, and returns the status. */
    public int revoke(String token) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("token", token));
        form.putAll(credentials);
        return http.send(Http.post(endpoint.resolve("../revoke"), form)).statusCode();
    }

    private Introspection introspect(Map<String, String> parameters) {
        return introspect(parameters, "application/json");
    }

    private Introspection introspect(Map<String, String> parameters, String accepted) {
        Map<String, String> form = new LinkedHashMap<>(parameters);
        form.putAll(credentials);
        HttpRequest.Builder request = Http.post(endpoint, form).header("Accept", accepted);
        HttpResponse<String> response = http.send(request);
        return new Introspection(response.statusCode(), response.headers(), Json.read(response.body()));
    }
}
