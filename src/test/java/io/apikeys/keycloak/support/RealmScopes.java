package io.apikeys.keycloak.support;

import java.util.List;
import java.util.Map;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientScopeRepresentation;

/** The client scopes of a test realm, and which roles its clients see. */
public final class RealmScopes {

    private final RealmClients clients;
    private final RealmResource admin;

    RealmScopes(RealmClients clients, RealmResource admin) {
        this.clients = clients;
        this.admin = admin;
    }

    /** Makes a client scope that only users with this realm role have. */
    public void makeForRole(String scope, String role) {
        make(scope);
        admin.clientScopes()
                .get(id(scope))
                .getScopeMappings()
                .realmLevel()
                .add(List.of(admin.roles().get(role).toRepresentation()));
    }

    /** Makes a client scope without anything in it. */
    public void make(String scope) {
        ClientScopeRepresentation representation = new ClientScopeRepresentation();
        representation.setName(scope);
        representation.setProtocol("openid-connect");
        representation.setAttributes(Map.of("include.in.token.scope", "true"));
        admin.clientScopes().create(representation).close();
    }

    /** Makes a scope one of a client's default ones. */
    public void give(String clientId, String scope) {
        admin.clients().get(clients.client(clientId).getId()).addDefaultClientScope(id(scope));
    }

    private String id(String name) {
        return admin.clientScopes().findAll().stream()
                .filter(scope -> scope.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getId();
    }

    /** Lets a client see only roles that are its own or that it is given. */
    public void restrict(String clientId) {
        clients.change(clientId, client -> client.setFullScopeAllowed(false));
    }

    /** Lets tokens of a client show a role of another client, and all that is in it. */
    public void addRole(String clientId, String ofClient, String role) {
        String other = clients.client(ofClient).getId();
        admin.clients()
                .get(clients.client(clientId).getId())
                .getScopeMappings()
                .clientLevel(other)
                .add(List.of(admin.clients().get(other).roles().get(role).toRepresentation()));
    }
}
