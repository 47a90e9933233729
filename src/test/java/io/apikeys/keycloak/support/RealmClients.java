package io.apikeys.keycloak.support;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.keycloak.admin.client.resource.AuthorizationResource;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.ClientScopeRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;
import org.keycloak.representations.idm.authorization.RegexPolicyRepresentation;
import org.keycloak.representations.idm.authorization.ResourcePermissionRepresentation;
import org.keycloak.representations.idm.authorization.ResourceRepresentation;

/** The clients of a test realm: programs that sign users in, and programs that introspect. */
public final class RealmClients {

    /** Of every confidential client that is made here. */
    public static final String SECRET = "a client secret";

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
        return existingApp(clientId).clientCredentialsGrant().access();
    }

    /** A confidential client that was made here. */
    public App existingApp(String clientId) {
        return new App(realm, clientId, App.REDIRECT_URI, SECRET);
    }

    /** A new confidential client that may exchange tokens, and introspect. */
    public App exchanger(String clientId) {
        confidentialClient(clientId);
        setAttribute(clientId, "standard.token.exchange.enabled", "true");
        return existingApp(clientId);
    }

    /** A new confidential client that signs users in and sends them back to this address. */
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

    /** How a client that was made here says by {@code Authorization} who it is. */
    public static String basic(String clientId) {
        return Gateway.basic(clientId, URLEncoder.encode(SECRET, StandardCharsets.UTF_8));
    }

    /** A new confidential client that introspects. */
    public ResourceServer resourceServer(String clientId) {
        confidentialClient(clientId);
        return existingResourceServer(clientId);
    }

    /** A confidential client that was made here. */
    public ResourceServer existingResourceServer(String clientId) {
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

    public void enableImplicitFlow(String clientId) {
        change(clientId, client -> client.setImplicitFlowEnabled(true));
    }

    /** With a resource that everybody may have. */
    public void enableAuthorization(String clientId) {
        change(clientId, client -> client.setAuthorizationServicesEnabled(true));
        AuthorizationResource authorization =
                admin.clients().get(client(clientId).getId()).authorization();
        authorization.resources().create(new ResourceRepresentation("report")).close();
        RegexPolicyRepresentation everybody = new RegexPolicyRepresentation();
        everybody.setName("everybody");
        everybody.setTargetClaim("typ");
        everybody.setPattern(".*");
        authorization.policies().regex().create(everybody).close();
        ResourcePermissionRepresentation permission = new ResourcePermissionRepresentation();
        permission.setName("reports");
        permission.addResource("report");
        permission.addPolicy("everybody");
        authorization.permissions().resource().create(permission).close();
    }

    /** A client scope that only users with this realm role have. */
    public void makeScopeForRole(String scope, String role) {
        ClientScopeRepresentation representation = new ClientScopeRepresentation();
        representation.setName(scope);
        representation.setProtocol("openid-connect");
        representation.setAttributes(Map.of("include.in.token.scope", "true"));
        admin.clientScopes().create(representation).close();
        admin.clientScopes()
                .get(scopeId(scope))
                .getScopeMappings()
                .realmLevel()
                .add(List.of(admin.roles().get(role).toRepresentation()));
    }

    /** Makes a scope one of a client's default ones. */
    public void giveScope(String clientId, String scope) {
        admin.clients().get(client(clientId).getId()).addDefaultClientScope(scopeId(scope));
    }

    private String scopeId(String name) {
        return admin.clientScopes().findAll().stream()
                .filter(scope -> scope.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getId();
    }

    /** Makes a program that signs users in over SAML, and signs the browser's user in: what the program is told. */
    public String samlAssertion(String clientId, Browser browser) {
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId(clientId);
        client.setProtocol("saml");
        client.setRedirectUris(List.of(App.REDIRECT_URI));
        client.setAttributes(Map.of(
                "saml_idp_initiated_sso_url_name",
                clientId,
                "saml_assertion_consumer_url_post",
                App.REDIRECT_URI,
                "saml.client.signature",
                "false"));
        admin.clients().create(client).close();
        String response = browser.open(
                        KeycloakServer.running().uri("/realms/" + realm + "/protocol/saml/clients/" + clientId))
                .html()
                .selectFirst("input[name=SAMLResponse]")
                .val();
        return new String(Base64.getDecoder().decode(response), StandardCharsets.UTF_8);
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
