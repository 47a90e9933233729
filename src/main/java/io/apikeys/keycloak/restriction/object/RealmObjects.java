package io.apikeys.keycloak.restriction.object;

import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientScopeModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.organization.OrganizationProvider;

/** The objects of a realm that restrictions can name, as they are now. */
public interface RealmObjects {

    /** Returns the present name of an object; empty if it no longer exists. */
    Optional<ObjectName> name(ObjectKind kind, String id);

    /** Returns the id of the object that has a name now; empty if there is none. */
    Optional<String> id(ObjectName name);

    static RealmObjects of(KeycloakSession session, RealmModel realm) {
        return new Stored(session, realm);
    }

    /** The objects in Keycloak's store. Its realm cache answers for those that exist. */
    record Stored(KeycloakSession session, RealmModel realm) implements RealmObjects {

        private static final Logger LOG = Logger.getLogger(RealmObjects.class);

        @Override
        public Optional<ObjectName> name(ObjectKind kind, String id) {
            return switch (kind) {
                case REALM_ROLE ->
                    Optional.ofNullable(realm.getRoleById(id))
                            .filter(role -> !role.isClientRole())
                            .map(role -> kind.named(role.getName()));
                case CLIENT_ROLE -> Optional.ofNullable(realm.getRoleById(id)).flatMap(Stored::ofClient);
                case CLIENT_SCOPE ->
                    Optional.ofNullable(realm.getClientScopeById(id)).map(scope -> kind.named(scope.getName()));
                case CLIENT ->
                    Optional.ofNullable(realm.getClientById(id)).map(client -> kind.named(client.getClientId()));
                case ORGANIZATION -> organization(id).map(organization -> kind.named(organization.getAlias()));
            };
        }

        /** Keycloak throws an exception for the id of another realm's organization, which is none of this realm. */
        private Optional<OrganizationModel> organization(String id) {
            try {
                return organizations().map(provider -> provider.getById(id));
            } catch (ModelException ofAnotherRealm) {
                LOG.debugf("There is no organization %s in realm %s: %s", id, realm.getName(), ofAnotherRealm);
                return Optional.empty();
            }
        }

        private static Optional<ObjectName> ofClient(RoleModel role) {
            return role.getContainer() instanceof ClientModel client
                    ? Optional.of(ObjectName.ofClientRole(client.getClientId(), role.getName()))
                    : Optional.empty();
        }

        @Override
        public Optional<String> id(ObjectName named) {
            String name = named.name();
            return switch (named.kind()) {
                case REALM_ROLE -> Optional.ofNullable(realm.getRole(name)).map(RoleModel::getId);
                case CLIENT_ROLE ->
                    Optional.ofNullable(realm.getClientByClientId(named.client()))
                            .map(client -> client.getRole(name))
                            .map(RoleModel::getId);
                case CLIENT_SCOPE ->
                    Optional.ofNullable(KeycloakModelUtils.getClientScopeByName(realm, name))
                            .map(ClientScopeModel::getId);
                case CLIENT ->
                    Optional.ofNullable(realm.getClientByClientId(name)).map(ClientModel::getId);
                case ORGANIZATION ->
                    organizations().map(provider -> provider.getByAlias(name)).map(OrganizationModel::getId);
            };
        }

        private Optional<OrganizationProvider> organizations() {
            return Optional.ofNullable(session.getProvider(OrganizationProvider.class));
        }
    }
}
