package io.apikeys.keycloak.credential;

import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.UserModel;
import org.keycloak.organization.OrganizationProvider;

/** The organizations that a holder is in now. */
public record HolderOrganizations(KeycloakSession session, UserModel holder) {

    /** Whether the holder is in the organization that a key is for, if it is for one. */
    public boolean allow(ApiKeyCredentialModel key) {
        String alias = key.policy().orElseThrow().restrictions().organization();
        return alias == null || find(alias).isPresent();
    }

    /** The organization with this alias, if it is enabled and the holder is a member. */
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
