package io.apikeys.keycloak.support;

import java.util.function.Consumer;
import org.keycloak.admin.client.resource.AuthorizationResource;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.authorization.RegexPolicyRepresentation;
import org.keycloak.representations.idm.authorization.ResourcePermissionRepresentation;
import org.keycloak.representations.idm.authorization.ResourceRepresentation;
import org.keycloak.representations.idm.authorization.RolePolicyRepresentation;

/** Keycloak's authorization services (User-Managed Access) for clients of a test realm. */
public final class AuthorizationServices {

    private final RealmClients clients;
    private final RealmResource admin;

    AuthorizationServices(RealmClients clients, RealmResource admin) {
        this.clients = clients;
        this.admin = admin;
    }

    /** Enables them with a resource that everybody may have. */
    public void enable(String clientId) {
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

    /** Enables them with a resource for those who have a realm role, which the policy looks up itself or takes from the token. */
    public void enableForRole(String clientId, String role, boolean fetchRoles) {
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
        clients.change(clientId, client -> client.setAuthorizationServicesEnabled(true));
        AuthorizationResource authorization =
                admin.clients().get(clients.client(clientId).getId()).authorization();
        authorization.resources().create(new ResourceRepresentation("report")).close();
        makePolicy.accept(authorization);
        ResourcePermissionRepresentation permission = new ResourcePermissionRepresentation();
        permission.setName("reports");
        permission.addResource("report");
        permission.addPolicy(policy);
        authorization.permissions().resource().create(permission).close();
    }
}
