package io.apikeys.keycloak.restriction;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.UserModel;
import org.keycloak.organization.OrganizationProvider;

/** The current organizations of a holder. */
public record HolderOrganizations(KeycloakSession session, UserModel holder) {

    /**
     * Returns whether the holder is in the organization that a key is restricted to; true if it is restricted to none.
     */
    public boolean allow(Restrictions restrictions) {
        Set<String> aliases = restrictions.get(Restrictions.ORGANIZATION);
        return aliases == null || aliases.stream().anyMatch(alias -> find(alias).isPresent());
    }

    /** Returns the enabled organizations of the holder that the restrictions allow. */
    public Stream<OrganizationModel> allowedBy(Restrictions restrictions) {
        OrganizationProvider organizations = session.getProvider(OrganizationProvider.class);
        if (organizations == null || !organizations.isEnabled()) {
            return Stream.empty();
        }
        return organizations
                .getByMember(holder)
                .filter(OrganizationModel::isEnabled)
                .filter(each -> restrictions.allowsOrganization(each.getAlias()));
    }

    /** Returns the organization with this alias; empty if it is disabled or the holder is not a member. */
    public Optional<OrganizationModel> find(String alias) {
        OrganizationProvider organizations = session.getProvider(OrganizationProvider.class);
        if (organizations == null || !organizations.isEnabled()) {
            return Optional.empty();
        }
        return Optional.ofNullable(organizations.getByAlias(alias))
                .filter(OrganizationModel::isEnabled)
                .filter(organization -> organization.isMember(holder));
    }
}
