package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.RealmPolicy;
import io.apikeys.keycloak.credential.Restrictions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.ClientModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleContainerModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.RoleUtils;

/**
 * Which of its holder's roles a key lets through. A role that administers Keycloak ({@link AdminRoles}) only if the key's
 * restrictions name it, or the realm's policy says that keys may administer.
 */
public final class AllowedRoles implements Predicate<RoleModel> {

    private final Set<String> realmRoles;
    private final Set<String> clientRoles;
    private final boolean administering;

    /**
     * @param realmRoles ids; null for all. clientRoles the same
     * @param administering whether roles that administer Keycloak need not be named
     */
    private AllowedRoles(Set<String> realmRoles, Set<String> clientRoles, boolean administering) {
        this.realmRoles = realmRoles;
        this.clientRoles = clientRoles;
        this.administering = administering;
    }

    public static AllowedRoles of(RealmModel realm, Restrictions restrictions) {
        Map<String, Set<String>> byClient = restrictions.clientRoles();
        return new AllowedRoles(
                restrictions.realmRoles() == null ? null : ids(named(realm, restrictions.realmRoles())),
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

    /** With what composite roles hold, as Keycloak reads the scope of a client ({@code TokenManager.getAccess}). */
    private static Set<String> ids(Stream<RoleModel> named) {
        return RoleUtils.expandCompositeRolesStream(named).map(RoleModel::getId).collect(Collectors.toSet());
    }

    @Override
    public boolean test(RoleModel role) {
        Set<String> named = role.isClientRole() ? clientRoles : realmRoles;
        return named == null ? administering || !AdminRoles.isAdminRole(role) : named.contains(role.getId());
    }

    /**
     * Whether the holder may administer Keycloak with this key. Keycloak's administration looks at the roles that its
     * caller has, whatever a token says; so a key that names only some of those would do with all of them.
     */
    public boolean mayAdminister(UserModel holder) {
        List<RoleModel> held = RoleUtils.getDeepUserRoleMappings(holder).stream()
                .filter(AdminRoles::isAdminRole)
                .toList();
        return !held.isEmpty() && held.stream().allMatch(this);
    }
}
