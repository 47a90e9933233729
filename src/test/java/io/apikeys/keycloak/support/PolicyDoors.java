package io.apikeys.keycloak.support;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ways by which the configuration of required action {@code CREATE_API_KEY} gets into a realm, beside the Admin Console's. */
public final class PolicyDoors {

    private final String realm;

    public PolicyDoors(TestRealm realm) {
        this.realm = realm.name();
    }

    /** Replaces the whole required action. */
    public HttpResponse<String> replaceAction(Map<String, String> config) {
        return send(
                "PUT", "/admin/realms/" + realm + "/authentication/required-actions/CREATE_API_KEY", action(config));
    }

    /** Gives the name and the configuration to another required action of the realm. */
    public HttpResponse<String> renameAnother(String alias, Map<String, String> config) {
        return send("PUT", "/admin/realms/" + realm + "/authentication/required-actions/" + alias, action(config));
    }

    /** Imports another realm. */
    public HttpResponse<String> importRealm(String name, Map<String, String> config) {
        return send(
                "POST",
                "/admin/realms",
                Map.of("realm", name, "enabled", true, "requiredActions", List.of(action(config))));
    }

    public HttpResponse<String> updateRealm(Map<String, String> config) {
        return send(
                "PUT", "/admin/realms/" + realm, Map.of("realm", realm, "requiredActions", List.of(action(config))));
    }

    public HttpResponse<String> importIntoRealm(Map<String, String> config) {
        return send(
                "POST",
                "/admin/realms/" + realm + "/partialImport",
                Map.of("ifResourceExists", "OVERWRITE", "requiredActions", List.of(action(config))));
    }

    /** Stores it whatever it is, as only a test can. */
    public void store(Map<String, String> config) {
        HttpResponse<String> stored = send("PUT", "/realms/" + realm + "/test-policy", config);
        if (stored.statusCode() != 204) {
            throw new AssertionError(stored.statusCode() + " " + stored.body());
        }
    }

    private static Map<String, Object> action(Map<String, String> config) {
        Map<String, Object> action = new LinkedHashMap<>();
        action.put("alias", "CREATE_API_KEY");
        action.put("providerId", "CREATE_API_KEY");
        action.put("name", "Create API key");
        action.put("enabled", true);
        action.put("priority", 1000);
        action.put("config", config);
        return action;
    }

    private static HttpResponse<String> send(String method, String path, Object body) {
        return new Http()
                .send(Http.request(KeycloakServer.running().uri(path))
                        .header("Authorization", "Bearer " + RealmsAdministrator.tokenOfServer())
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(Json.write(body))));
    }
}
