package io.apikeys.keycloak.support;

import io.apikeys.keycloak.support.TestRealm.User;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import java.util.UUID;
import org.keycloak.admin.client.resource.AuthorizationResource;
import org.keycloak.representations.idm.authorization.Logic;
import org.keycloak.representations.idm.authorization.ScopePermissionRepresentation;
import org.keycloak.representations.idm.authorization.UserPolicyRepresentation;

/** What a test realm's fine-grained admin permissions let single administrators do with users and clients. */
public final class FineGrainedPermissions {

    private final AuthorizationResource authorization;

    FineGrainedPermissions(AuthorizationResource authorization) {
        this.authorization = authorization;
    }

    /** Lets an administrator do something with all users. */
    public FineGrainedPermissions allow(User administrator, String... scopes) {
        permit(policy(administrator, Logic.POSITIVE), "Users", Set.of(), Set.of(scopes));
        return this;
    }

    /** Lets an administrator do something with one client. */
    public FineGrainedPermissions allowClient(User administrator, String clientUuid, String... scopes) {
        permit(policy(administrator, Logic.POSITIVE), "Clients", Set.of(clientUuid), Set.of(scopes));
        return this;
    }

    /** Takes one user from what an administrator may do with all. */
    public FineGrainedPermissions deny(User administrator, User user, String... scopes) {
        permit(policy(administrator, Logic.NEGATIVE), "Users", Set.of(user.id()), Set.of(scopes));
        return this;
    }

    private String policy(User administrator, Logic logic) {
        UserPolicyRepresentation policy = new UserPolicyRepresentation();
        policy.setName("policy " + UUID.randomUUID());
        policy.setUsers(Set.of(administrator.id()));
        policy.setLogic(logic);
        requireCreated(authorization.policies().user().create(policy));
        return policy.getName();
    }

    private void permit(String policy, String type, Set<String> resources, Set<String> scopes) {
        ScopePermissionRepresentation permission = new ScopePermissionRepresentation();
        permission.setName("permission " + UUID.randomUUID());
        permission.setResourceType(type);
        permission.setResources(resources);
        permission.setScopes(scopes);
        permission.setPolicies(Set.of(policy));
        requireCreated(authorization.permissions().scope().create(permission));
    }

    private static void requireCreated(Response response) {
        try (response) {
            if (response.getStatus() != 201) {
                throw new AssertionError(
                        "It answered " + response.getStatus() + ": " + response.readEntity(String.class));
            }
        }
    }
}
