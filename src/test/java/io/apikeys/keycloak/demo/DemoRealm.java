package io.apikeys.keycloak.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apikeys.keycloak.support.KeycloakServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.CredentialRepresentation;

/** The realm of the demo, as its administrator sees it. */
final class DemoRealm implements AutoCloseable {

    private static final String NAME = "demo";

    private final String keycloakUrl;
    private final Keycloak admin;

    DemoRealm(String keycloakUrl, String adminPassword) {
        this.keycloakUrl = keycloakUrl;
        this.admin = Keycloak.getInstance(keycloakUrl, "master", KeycloakServer.ADMIN, adminPassword, "admin-cli");
    }

    String secretOf(String clientId) {
        return realm().clients().findByClientId(clientId).get(0).getSecret();
    }

    /** Returns a new password of a user. */
    String makePassword(String username) {
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(UUID.randomUUID().toString().substring(0, 13));
        String user = realm().users().searchByUsername(username, true).get(0).getId();
        realm().users().get(user).resetPassword(password);
        return password.getValue();
    }

    /** Returns a new key of a user. */
    String makeKey(String username) throws IOException, InterruptedException {
        String key = """
                {"username": "%s", "name": "demo", "expiresIn": 7776000, "metadata": {"tier": "pro"}}
                """.formatted(username);
        HttpRequest request = HttpRequest.newBuilder(URI.create(keycloakUrl + "/admin/realms/" + NAME + "/api-keys"))
                .header("Authorization", "Bearer " + admin.tokenManager().getAccessTokenString())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(key))
                .build();
        HttpResponse<String> made = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        if (made.statusCode() != 201) {
            throw new DemoException("Keycloak made no key: " + made.statusCode() + " " + made.body());
        }
        return new ObjectMapper().readTree(made.body()).get("key").textValue();
    }

    private RealmResource realm() {
        return admin.realm(NAME);
    }

    @Override
    public void close() {
        admin.close();
    }
}
