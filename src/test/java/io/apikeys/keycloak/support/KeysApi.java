package io.apikeys.keycloak.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * This extension's REST API, as one caller uses it. Every exchange is held against {@code docs/openapi.yaml}, whichever
 * test makes it.
 */
public final class KeysApi {

    private static final String SELF_SERVICE = "/realms/{realm}/api-keys";
    private static final String ADMIN = "/admin/realms/{realm}/api-keys";

    private final Http http = new Http();
    private final String path;
    private final String realm;
    private final String token;

    private KeysApi(String path, TestRealm realm, String token) {
        this.path = path;
        this.realm = realm.name();
        this.token = token;
    }

    public static KeysApi selfService(TestRealm realm, String token) {
        return new KeysApi(SELF_SERVICE, realm, token);
    }

    public static KeysApi admin(TestRealm realm, String token) {
        return new KeysApi(ADMIN, realm, token);
    }

    /** What the API answers; the body is missing where there is none. */
    public record Answer(int status, HttpHeaders headers, JsonNode body) {

        public String errorMessage() {
            return body.path("errorMessage").asText();
        }

        public String field() {
            return body.path("field").asText();
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** Returns the key that was made, and fails if none was. */
        public RawKey key() {
            if (status != 201) {
                throw new AssertionError("No key was made: " + status + " " + body);
            }
            return shown().rawKey();
        }

        /** Returns the key that the answer describes, and fails if it describes none. */
        public KeyAnswer shown() {
            if ((status != 200 && status != 201) || !body.isObject()) {
                throw new AssertionError("No key is described: " + status + " " + body);
            }
            return new KeyAnswer(body);
        }

        /** Returns the keys that the answer lists, of which there may be none, and fails if it is no list. */
        public List<KeyAnswer> keys() {
            if (status != 200 || !body.isArray()) {
                throw new AssertionError("No keys are listed: " + status + " " + body);
            }
            return StreamSupport.stream(body.spliterator(), false)
                    .map(KeyAnswer::new)
                    .toList();
        }
    }

    public boolean isForAdministrators() {
        return path.startsWith("/admin/");
    }

    public Answer list(Map<String, String> query) {
        return exchange("GET", "", query.isEmpty() ? "" : "?" + Http.query(query), null);
    }

    public Answer create(Map<String, Object> fields) {
        return create(Json.write(fields));
    }

    public Answer create(String body) {
        return exchange("POST", "", "", body);
    }

    /** Makes a key for a user, which only an administrator may. */
    RawKey issue(User holder, Map<String, Object> fields) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put("userId", holder.id());
        return create(all).key();
    }

    public Answer get(String id) {
        return exchange("GET", "/{id}", "/" + id, null);
    }

    /** Asks what a page for making keys needs. */
    public Answer choices() {
        return exchange("GET", "/choices", "/choices", null);
    }

    public Answer change(String id, Map<String, Object> fields) {
        return change(id, Json.write(fields));
    }

    public Answer change(String id, String body) {
        return exchange("PATCH", "/{id}", "/" + id, body);
    }

    public Answer delete(String id) {
        return exchange("DELETE", "/{id}", "/" + id, null);
    }

    /** Puts a new key in place of one; the body may be null, for none. */
    public Answer rotate(String id, String body) {
        return exchange("POST", "/{id}/rotate", "/" + id + "/rotate", body);
    }

    /** Rotates the key that stands in the place of a token; the body may be null, for none. */
    public Answer rotateItself(String body) {
        return exchange("POST", "/rotate", "/rotate", body);
    }

    public Answer deleteAll(Map<String, String> query) {
        return exchange("DELETE", "", query.isEmpty() ? "" : "?" + Http.query(query), null);
    }

    public Answer count(Map<String, String> query) {
        return exchange("GET", "/count", "/count" + (query.isEmpty() ? "" : "?" + Http.query(query)), null);
    }

    /** Asks whose a raw key is. */
    public Answer lookUp(Object raw) {
        return exchange("POST", "/lookup", "/lookup", Json.write(Map.of("key", raw)));
    }

    /** Revokes a key by showing it, as an administrator. */
    public Answer revoke(Map<String, Object> fields) {
        return exchange("POST", "/revoke", "/revoke", Json.write(fields));
    }

    /**
     * Takes over keys of another system: a list, or one object, which the contract describes as a list of one. Each is taken
     * over or refused by itself, so the contract need not describe those that are refused.
     */
    public Answer importKeys(Object keys) {
        List<?> all = keys instanceof List<?> list ? list : List.of(keys);
        Answer answer = exchange("POST", "/import", "/import", Json.write(keys), null);
        if (answer.status() == 200) {
            List<?> takenOver = IntStream.range(0, all.size())
                    .filter(i -> answer.body().get(i).get("status").intValue() == 201)
                    .mapToObj(all::get)
                    .toList();
            Contract.checkRequest("POST", path + "/import", Json.write(takenOver));
        }
        return answer;
    }

    public Answer delete(String id, String reason) {
        return exchange("DELETE", "/{id}", "/" + id + "?" + Http.query(Map.of("reason", reason)), null);
    }

    /** Revokes a key by showing it, without saying who one is. */
    public static int revoke(TestRealm realm, Map<String, String> form) {
        String path = SELF_SERVICE + "/revoke";
        HttpResponse<String> response =
                new Http().send(Http.post(KeycloakServer.running().uri(path.replace("{realm}", realm.name())), form));
        Contract.check("POST", path, null, response);
        return response.statusCode();
    }

    private Answer exchange(String method, String template, String suffix, String body) {
        return exchange(method, template, suffix, body, body);
    }

    private Answer exchange(String method, String template, String suffix, String body, String described) {
        HttpRequest.Builder request = Http.request(
                        KeycloakServer.running().uri(path.replace("{realm}", realm) + suffix))
                .header("Accept", "application/json");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body));
        }
        HttpResponse<String> response = http.send(request);
        Answer answer = new Answer(response.statusCode(), response.headers(), Json.read(response.body()));
        if (answer.body().has("key")) {
            Secrets.register(answer.body().get("key").textValue());
        }
        Contract.check(method, path + template, described, response);
        return answer;
    }
}
