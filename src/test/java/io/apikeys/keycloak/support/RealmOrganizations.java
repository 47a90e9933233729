package io.apikeys.keycloak.support;

import io.apikeys.keycloak.support.TestRealm.User;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.resource.OrganizationGroupsResource;
import org.keycloak.admin.client.resource.OrganizationResource;
import org.keycloak.representations.idm.GroupRepresentation;
import org.keycloak.representations.idm.OrganizationDomainRepresentation;
import org.keycloak.representations.idm.OrganizationRepresentation;

/** The organizations of a test realm, by their aliases, and who is a member of them. */
public final class RealmOrganizations {

    private final TestRealm realm;

    RealmOrganizations(TestRealm realm) {
        this.realm = realm;
    }

    /** Makes organizations with these aliases. */
    public void make(String... aliases) {
        realm.settings().change(representation -> representation.setOrganizationsEnabled(true));
        for (String alias : aliases) {
            OrganizationRepresentation organization = new OrganizationRepresentation();
            organization.setName(alias);
            organization.setAlias(alias);
            organization.addDomain(new OrganizationDomainRepresentation(alias + ".example"));
            realm.admin().organizations().create(organization).close();
        }
    }

    public void join(User user, String organization) {
        organization(organization).members().addMember(user.id()).close();
    }

    public void leave(User user, String organization) {
        organization(organization).members().removeMember(user.id()).close();
    }

    /** Makes a group in an organization, which gives its members a role. */
    public void makeGroupWithRole(String organization, String group, String role, User member) {
        OrganizationGroupsResource groups = organization(organization).groups();
        GroupRepresentation representation = new GroupRepresentation();
        representation.setName(group);
        String id;
        try (Response created = groups.addTopLevelGroup(representation)) {
            id = CreatedResponseUtil.getCreatedId(created);
        }
        groups.group(id)
                .roles()
                .realmLevel()
                .add(List.of(realm.admin().roles().get(role).toRepresentation()));
        groups.group(id).addMember(member.id());
    }

    private OrganizationResource organization(String alias) {
        String id = realm.admin().organizations().list(0, 100).stream()
                .filter(organization -> alias.equals(organization.getAlias()))
                .findFirst()
                .orElseThrow()
                .getId();
        return realm.admin().organizations().get(id);
    }
}
