package io.apikeys.keycloak.restriction;

import java.util.Optional;
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
        String alias = restrictions.get(Restrictions.ORGANIZATION);
        return alias == null || find(alias).isPresent();
    }

    /** Returns the enabled organizations of the holder that the restrictions allow. */
    public Stream<OrganizationModel> allowedBy(Restrictions restrictions) {
        OrganizationProvider organizations = session.getProvider(OrganizationProvider.class);
        if (organizations == null || !organizations.isEnabled()) {
            return Stream.empty();
        }
        String alias = restrictions.get(Restrictions.ORGANIZATION);
        return organizations
                .getByMember(holder)
                .filter(OrganizationModel::isEnabled)
                .filter(each -> alias == null || alias.equals(each.getAlias()));
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
