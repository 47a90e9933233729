package io.apikeys.keycloak.restriction.roles;

import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.restriction.Restrictions;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.AccountRoles;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleContainerModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.RoleUtils;

/**
 * The roles of its holder that a key allows. A role that administers Keycloak ({@link AdminRoles}) is allowed only if
 * the key's restrictions name it, or the realm's policy lets keys administer.
 */
public final class AllowedRoles implements Predicate<RoleModel> {

    private final @Nullable Set<String> realmRoles;
    private final @Nullable Set<String> clientRoles;
    private final boolean administering;

    /**
     * Creates the roles that are allowed.
     *
     * @param realmRoles ids of realm roles; null for all
     * @param clientRoles ids of client roles; null for all
     * @param administering whether roles that administer Keycloak need not be named
     */
    private AllowedRoles(@Nullable Set<String> realmRoles, @Nullable Set<String> clientRoles, boolean administering) {
        this.realmRoles = realmRoles;
        this.clientRoles = clientRoles;
        this.administering = administering;
    }

    public static AllowedRoles of(RealmModel realm, Restrictions restrictions) {
        Set<String> names = restrictions.get(Restrictions.REALM_ROLES);
        Map<String, Set<String>> byClient = restrictions.get(Restrictions.CLIENT_ROLES);
        return new AllowedRoles(
                names == null ? null : ids(named(realm, names)),
                byClient == null ? null : ids(byClient.entrySet().stream().flatMap(of -> named(realm, of))),
                RealmPolicy.keysAdminister(realm));
    }

    private static Stream<RoleModel> named(RealmModel realm, Map.Entry<String, Set<String>> roles) {
        ClientModel client = realm.getClientByClientId(roles.getKey());
        return client == null ? Stream.empty() : named(client, roles.getValue());
    }

    private static Stream<RoleModel> named(RoleContainerModel container, Collection<String> names) {
        return names.stream().map(container::getRole).filter(role -> role != null);
    }

    /**
     * Returns the ids of roles and their composites, as Keycloak reads a client's scope ({@code
     * TokenManager.getAccess}).
     */
    private static Set<String> ids(Stream<RoleModel> named) {
        return RoleUtils.expandCompositeRolesStream(named).map(RoleModel::getId).collect(Collectors.toSet());
    }

    @Override
    public boolean test(RoleModel role) {
        Set<String> named = role.isClientRole() ? clientRoles : realmRoles;
        return named == null ? administering || !AdminRoles.isAdminRole(role) : named.contains(role.getId());
    }

    /** Returns whether a user has a role that administers Keycloak and that the key allows. */
    public boolean allowsAnyAdminRole(UserModel holder) {
        return adminRoles(holder).anyMatch(this);
    }

    /** Returns whether a user has roles that administer Keycloak and the key allows all of them. */
    public boolean allowsAllAdminRoles(UserModel holder) {
        return allowsAnyAdminRole(holder) && adminRoles(holder).allMatch(this);
    }

    private static Stream<RoleModel> adminRoles(UserModel holder) {
        return RoleUtils.getDeepUserRoleMappings(holder).stream().filter(AdminRoles::isAdminRole);
    }

    /** Returns the role that lets users manage their own accounts; empty if the realm has deleted it. */
    public static Optional<RoleModel> manageAccount(RealmModel realm) {
        return Optional.ofNullable(realm.getClientByClientId(Constants.ACCOUNT_MANAGEMENT_CLIENT_ID))
                .map(account -> account.getRole(AccountRoles.MANAGE_ACCOUNT));
    }
}
