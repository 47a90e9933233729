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
import java.util.zip.Deflater;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.ClientScopeRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;

/** The clients of a test realm that sign users in over SAML. */
public final class SamlClients {

    private final RealmClients clients;
    private final String realm;
    private final RealmResource admin;

    SamlClients(RealmClients clients, String realm, RealmResource admin) {
        this.clients = clients;
        this.realm = realm;
        this.admin = admin;
    }

    /** Makes a program that signs users in over SAML. */
    public void make(String clientId) {
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
    public void addScope(String clientId, String scope) {
        ClientScopeRepresentation representation = new ClientScopeRepresentation();
        representation.setName(scope);
        representation.setProtocol("saml");
        ProtocolMapperRepresentation email = RealmClients.mapper("saml-user-property-mapper");
        email.setProtocol("saml");
        email.setConfig(Map.of("user.attribute", "email", "attribute.name", "email"));
        representation.setProtocolMappers(List.of(email));
        admin.clientScopes().create(representation).close();
        clients.scopes().give(clientId, scope);
    }

    /** Adds a protocol mapper to a program that was made here. */
    public void addMapper(String clientId, String type, Map<String, String> config) {
        ProtocolMapperRepresentation mapper = RealmClients.mapper(type);
        mapper.setProtocol("saml");
        mapper.setConfig(config);
        admin.clients()
                .get(clients.client(clientId).getId())
                .getProtocolMappers()
                .createMapper(mapper)
                .close();
    }

    /** Signs the browser's user in to a program that was made here, and returns what the program is told. */
    public String assertionOf(String clientId, Browser browser) {
        return assertion(open(clientId, browser));
    }

    /** Returns the assertion for a program that asks who is signed in, without a page for the user (SAML core, 3.4.1 IsPassive). */
    public String passiveAssertionOf(String clientId, Browser browser) {
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

    /** Compresses a request for the redirect binding (SAML bindings, 3.4.4.1). */
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

    /** Opens the login page of a program, or what comes instead when there is a session. */
    public Page open(String clientId, Browser browser) {
        return browser.open(KeycloakServer.running().uri("/realms/" + realm + "/protocol/saml/clients/" + clientId));
    }
}
