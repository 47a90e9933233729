package io.apikeys.keycloak.support;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;

/** The clients of a test realm: programs that sign users in, and programs that introspect. */
public final class RealmClients {

    private static final String SECRET = "a client secret";

    private final String realm;
    private final RealmResource admin;

    RealmClients(String realm, RealmResource admin) {
        this.realm = realm;
        this.admin = admin;
    }

    /** A further public client. */
    public App anotherApp() {
        return app("another-app");
    }

    App app(String clientId) {
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId(clientId);
        client.setPublicClient(true);
        client.setDirectAccessGrantsEnabled(true);
        client.setRedirectUris(List.of(App.REDIRECT_URI));
        client.setWebOrigins(List.of("http://app.example"));
        client.setAttributes(Map.of("pkce.code.challenge.method", "S256"));
        client.setProtocolMappers(List.of(mapper("oidc-api-key-mapper")));
        admin.clients().create(client).close();
        return new App(realm, clientId, App.REDIRECT_URI);
    }

    /** Adds a protocol mapper to the client {@code app}. */
    public void addMapper(String type) {
        String app = admin.clients().findByClientId("app").get(0).getId();
        admin.clients().get(app).getProtocolMappers().createMapper(mapper(type)).close();
    }

    /** Makes the tokens of the client {@code app} good for another client. */
    public void addToAudience(String clientId) {
        ProtocolMapperRepresentation mapper = mapper("oidc-audience-mapper");
        mapper.setConfig(Map.of("included.client.audience", clientId, "access.token.claim", "true"));
        admin.clients()
                .get(client("app").getId())
                .getProtocolMappers()
                .createMapper(mapper)
                .close();
    }

    private static ProtocolMapperRepresentation mapper(String type) {
        ProtocolMapperRepresentation mapper = new ProtocolMapperRepresentation();
        mapper.setName(type);
        mapper.setProtocol("openid-connect");
        mapper.setProtocolMapper(type);
        mapper.setConfig(Map.of("access.token.claim", "true", "id.token.claim", "true"));
        return mapper;
    }

    /** Makes a confidential client with a service account, and signs that in. */
    public String serviceAccountToken(String clientId) {
        confidentialClient(clientId);
        return new App(realm, clientId, App.REDIRECT_URI)
                .clientCredentialsGrant(SECRET)
                .access();
    }

    /** A new confidential client that introspects. */
    public ResourceServer resourceServer(String clientId) {
        confidentialClient(clientId);
        return resourceServerWith(Map.of("client_id", clientId, "client_secret", SECRET));
    }

    /** Something that introspects with these form parameters to say who it is. */
    public ResourceServer resourceServerWith(Map<String, String> credentials) {
        return new ResourceServer(realm, credentials);
    }

    private void confidentialClient(String clientId) {
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId(clientId);
        client.setSecret(SECRET);
        client.setServiceAccountsEnabled(true);
        admin.clients().create(client).close();
    }

    /** Lets a client see only roles that are its own or that it is given. */
    public void restrictScope(String clientId) {
        change(clientId, client -> client.setFullScopeAllowed(false));
    }

    public void disableDirectGrants(String clientId) {
        change(clientId, client -> client.setDirectAccessGrantsEnabled(false));
    }

    public void disableClient(String clientId) {
        change(clientId, client -> client.setEnabled(false));
    }

    private void change(String clientId, Consumer<ClientRepresentation> change) {
        ClientRepresentation client = client(clientId);
        change.accept(client);
        admin.clients().get(client.getId()).update(client);
    }

    /** The client of Keycloak's own command line, whose access tokens are lightweight. */
    public App adminCli() {
        return new App(realm, "admin-cli", App.REDIRECT_URI);
    }

    public ClientRepresentation client(String clientId) {
        return admin.clients().findByClientId(clientId).get(0);
    }
}
