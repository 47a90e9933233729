package io.apikeys.keycloak.support;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;

/** The clients of a test realm: programs that sign users in over OIDC, and programs that introspect. */
public final class RealmClients {

    /** Of every confidential client that is made here. */
    public static final String SECRET = "a client secret";

    private final String realm;
    private final RealmResource admin;
    private final RealmScopes scopes;
    private final SamlClients saml;
    private final AuthorizationServices authorization;

    RealmClients(String realm, RealmResource admin) {
        this.realm = realm;
        this.admin = admin;
        this.scopes = new RealmScopes(this, admin);
        this.saml = new SamlClients(this, realm, admin);
        this.authorization = new AuthorizationServices(this, admin);
    }

    public RealmScopes scopes() {
        return scopes;
    }

    public SamlClients saml() {
        return saml;
    }

    public AuthorizationServices authorization() {
        return authorization;
    }

    /** Makes a further public client. */
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
        addToAudience("app", clientId);
    }

    public void addToAudience(String ofClient, String clientId) {
        addMapper(
                ofClient,
                "oidc-audience-mapper",
                Map.of(
                        "included.client.audience",
                        clientId,
                        "access.token.claim",
                        "true",
                        "introspection.token.claim",
                        "true"));
    }

    public void addMapper(String clientId, String type, Map<String, String> config) {
        ProtocolMapperRepresentation mapper = mapper(type);
        mapper.setConfig(config);
        admin.clients()
                .get(client(clientId).getId())
                .getProtocolMappers()
                .createMapper(mapper)
                .close();
    }

    static ProtocolMapperRepresentation mapper(String type) {
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
        return existingApp(clientId).clientCredentialsGrant().access();
    }

    /** Returns a confidential client that was made here. */
    public App existingApp(String clientId) {
        return new App(realm, clientId, App.REDIRECT_URI, SECRET);
    }

    /** Makes a confidential client that may exchange tokens, and introspect. */
    public App exchanger(String clientId) {
        confidentialClient(clientId);
        setAttribute(clientId, "standard.token.exchange.enabled", "true");
        return existingApp(clientId);
    }

    /** Makes a confidential client that signs users in and sends them back to this address. */
    public void website(String clientId, String redirectUri) {
        confidentialClient(clientId);
        change(clientId, client -> {
            client.setStandardFlowEnabled(true);
            client.setRedirectUris(List.of(redirectUri));
        });
    }

    public void setAttribute(String clientId, String name, String value) {
        change(clientId, client -> client.getAttributes().put(name, value));
    }

    public void requireConsent(String clientId) {
        change(clientId, client -> client.setConsentRequired(true));
    }

    /** Returns the {@code Authorization} by which a client that was made here says who it is. */
    public static String basic(String clientId) {
        return Gateway.basic(clientId, URLEncoder.encode(SECRET, StandardCharsets.UTF_8));
    }

    /** Makes a confidential client that introspects. */
    public ResourceServer resourceServer(String clientId) {
        confidentialClient(clientId);
        return existingResourceServer(clientId);
    }

    /** Returns a confidential client that was made here. */
    public ResourceServer existingResourceServer(String clientId) {
        return resourceServerWith(Map.of("client_id", clientId, "client_secret", SECRET));
    }

    /** Returns a program that introspects with these form parameters to say who it is. */
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

    /** Returns the client of Keycloak's Account Console, as the console signs a user in. */
    public App accountConsole() {
        return new App(realm, "account-console", KeycloakServer.running().url() + "/realms/" + realm + "/account/");
    }

    public void enableImplicitFlow(String clientId) {
        change(clientId, client -> client.setImplicitFlowEnabled(true));
    }

    /** Lets a confidential client sign users in. */
    public void signUsersIn(String clientId) {
        change(clientId, client -> {
            client.setStandardFlowEnabled(true);
            client.setRedirectUris(List.of(App.REDIRECT_URI));
        });
    }

    public void disableDirectGrants(String clientId) {
        change(clientId, client -> client.setDirectAccessGrantsEnabled(false));
    }

    /** Lets the pages of one origin, and of no other, ask with the tokens of a client. */
    public void allowOrigin(String clientId, String origin) {
        change(clientId, client -> client.setWebOrigins(List.of(origin)));
    }

    public void disableClient(String clientId) {
        change(clientId, client -> client.setEnabled(false));
    }

    void change(String clientId, Consumer<ClientRepresentation> change) {
        ClientRepresentation client = client(clientId);
        change.accept(client);
        admin.clients().get(client.getId()).update(client);
    }

    /** Returns the client of Keycloak's own command line, whose access tokens are lightweight. */
    public App adminCli() {
        return new App(realm, "admin-cli", App.REDIRECT_URI);
    }

    public ClientRepresentation client(String clientId) {
        return admin.clients().findByClientId(clientId).get(0);
    }
}
