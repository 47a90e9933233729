package io.apikeys.keycloak.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;

/** Calls Keycloak's own APIs with a token. */
public record Rest(String token) {

    /** What an API answers; the body is missing if it is not JSON. */
    public record Answer(int status, JsonNode body) {}

    public static Rest with(String token) {
        return new Rest(token);
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer post(String path, Object body) {
        return send("POST", path, body);
    }

    public Answer put(String path, Object body) {
        return send("PUT", path, body);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    /** Sends a form, as the token endpoint and its like take it. */
    public Answer form(String path, Map<String, String> form) {
        return answer(new Http()
                .send(Http.post(KeycloakServer.running().uri(path), form).header("Authorization", "Bearer " + token)));
    }

    public Answer send(String method, String path, Object body) {
        return answer(exchange(method, path, body));
    }

    /** Returns the status that a request without a body is answered with. */
    public int status(String method, String path) {
        return exchange(method, path, null).statusCode();
    }

    private HttpResponse<String> exchange(String method, String path, Object body) {
        return new Http()
                .send(Http.request(KeycloakServer.running().uri(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Accept", "application/json")
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(Json.write(body))));
    }

    private static Answer answer(HttpResponse<String> response) {
        String body = response.body();
        return new Answer(
                response.statusCode(),
                body.startsWith("{") || body.startsWith("[") ? Json.read(body) : Json.read("null"));
    }
}
