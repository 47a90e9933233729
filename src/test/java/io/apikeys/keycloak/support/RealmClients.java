package io.apikeys.keycloak.support;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import org.keycloak.admin.client.resource.AuthorizationResource;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.ClientScopeRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;
import org.keycloak.representations.idm.authorization.RegexPolicyRepresentation;
import org.keycloak.representations.idm.authorization.ResourcePermissionRepresentation;
import org.keycloak.representations.idm.authorization.ResourceRepresentation;
import org.keycloak.representations.idm.authorization.RolePolicyRepresentation;

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

    /** Lets tokens of a client show a role of another client, and all that is in it. */
    public void addRoleToScope(String clientId, String ofClient, String role) {
        String other = client(ofClient).getId();
        admin.clients()
                .get(client(clientId).getId())
                .getScopeMappings()
                .clientLevel(other)
                .add(List.of(admin.clients().get(other).roles().get(role).toRepresentation()));
    }

    /** The client of Keycloak's Account Console, as the console signs a user in. */
    public App accountConsole() {
        return new App(realm, "account-console", KeycloakServer.running().url() + "/realms/" + realm + "/account/");
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
        RegexPolicyRepresentation everybody = new RegexPolicyRepresentation();
        everybody.setName("everybody");
        everybody.setTargetClaim("typ");
        everybody.setPattern(".*");
        authorize(
                clientId,
                "everybody",
                authorization ->
                        authorization.policies().regex().create(everybody).close());
    }

    /** With a resource for those who have a realm role, which the policy looks up itself or takes from the token. */
    public void enableAuthorizationForRole(String clientId, String role, boolean fetchRoles) {
        RolePolicyRepresentation ofRole = new RolePolicyRepresentation();
        ofRole.setName("role");
        ofRole.setFetchRoles(fetchRoles);
        ofRole.addRole(role, true);
        authorize(
                clientId,
                "role",
                authorization -> authorization.policies().role().create(ofRole).close());
    }

    private void authorize(String clientId, String policy, Consumer<AuthorizationResource> makePolicy) {
        change(clientId, client -> client.setAuthorizationServicesEnabled(true));
        AuthorizationResource authorization =
                admin.clients().get(client(clientId).getId()).authorization();
        authorization.resources().create(new ResourceRepresentation("report")).close();
        makePolicy.accept(authorization);
        ResourcePermissionRepresentation permission = new ResourcePermissionRepresentation();
        permission.setName("reports");
        permission.addResource("report");
        permission.addPolicy(policy);
        authorization.permissions().resource().create(permission).close();
    }

    /** Lets a confidential client sign users in. */
    public void signUsersIn(String clientId) {
        change(clientId, client -> {
            client.setStandardFlowEnabled(true);
            client.setRedirectUris(List.of(App.REDIRECT_URI));
        });
    }

    /** A client scope that only users with this realm role have. */
    public void makeScopeForRole(String scope, String role) {
        makeScope(scope);
        admin.clientScopes()
                .get(scopeId(scope))
                .getScopeMappings()
                .realmLevel()
                .add(List.of(admin.roles().get(role).toRepresentation()));
    }

    /** Makes a client scope without anything in it. */
    public void makeScope(String scope) {
        ClientScopeRepresentation representation = new ClientScopeRepresentation();
        representation.setName(scope);
        representation.setProtocol("openid-connect");
        representation.setAttributes(Map.of("include.in.token.scope", "true"));
        admin.clientScopes().create(representation).close();
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
        samlProgram(clientId);
        return samlAssertionOf(clientId, browser);
    }

    /** Makes such a program, and opens its login. */
    public Page samlLogin(String clientId, Browser browser) {
        samlProgram(clientId);
        return openSaml(clientId, browser);
    }

    /** Makes a program that signs users in over SAML. */
    public void samlProgram(String clientId) {
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
    }

    /** Makes a default scope of a SAML program that has the user's e-mail address in it. */
    public void addSamlScope(String clientId, String scope) {
        ClientScopeRepresentation representation = new ClientScopeRepresentation();
        representation.setName(scope);
        representation.setProtocol("saml");
        ProtocolMapperRepresentation email = mapper("saml-user-property-mapper");
        email.setProtocol("saml");
        email.setConfig(Map.of("user.attribute", "email", "attribute.name", "email"));
        representation.setProtocolMappers(List.of(email));
        admin.clientScopes().create(representation).close();
        giveScope(clientId, scope);
    }

    public void addSamlMapper(String clientId, String type, Map<String, String> config) {
        ProtocolMapperRepresentation mapper = mapper(type);
        mapper.setProtocol("saml");
        mapper.setConfig(config);
        admin.clients()
                .get(client(clientId).getId())
                .getProtocolMappers()
                .createMapper(mapper)
                .close();
    }

    /** Signs the browser's user in to a program that was made here: what the program is told. */
    public String samlAssertionOf(String clientId, Browser browser) {
        return assertion(openSaml(clientId, browser));
    }

    /** Returns the assertion for a program that asks who is signed in, without a page for the user (SAML core, 3.4.1 IsPassive). */
    public String passiveSamlAssertionOf(String clientId, Browser browser) {
        URI endpoint = KeycloakServer.running().uri("/realms/" + realm + "/protocol/saml");
        String request = """
                <samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="a%s" Version="2.0" IssueInstant="%s"
                  Destination="%s" IsPassive="true" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST">
                  <saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">%s</saml:Issuer>
                </samlp:AuthnRequest>
                """.formatted(UUID.randomUUID(), Instant.now(), endpoint, clientId);
        Page answer = browser.open(
                URI.create(endpoint + "?SAMLRequest=" + URLEncoder.encode(deflated(request), StandardCharsets.UTF_8)));
        return assertion(answer);
    }

    /** The redirect binding (SAML bindings, 3.4.4.1). */
    private static String deflated(String request) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(request.getBytes(StandardCharsets.UTF_8));
        deflater.finish();
        byte[] buffer = new byte[4_096];
        int length = deflater.deflate(buffer);
        deflater.end();
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer, length));
    }

    /** Returns what a program is told by the page that brings a browser back to it. */
    public static String assertion(Page answer) {
        String response = answer.html().selectFirst("input[name=SAMLResponse]").val();
        return new String(Base64.getDecoder().decode(response), StandardCharsets.UTF_8);
    }

    private Page openSaml(String clientId, Browser browser) {
        return browser.open(KeycloakServer.running().uri("/realms/" + realm + "/protocol/saml/clients/" + clientId));
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
