package io.apikeys.keycloak.rest.account;

import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.restriction.KeyRoles;
import io.apikeys.keycloak.restriction.Restrictions;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.ClientModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleContainerModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.utils.RoleUtils;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.managers.Auth;

/**
 * The roles of a user that the token shows with which the user makes a key. The key gets no others, so that nobody gets by
 * a key what the token alone would not have given them; unless the realm trusts the client that the token was issued to.
 *
 * @param held all roles of the user, with composites expanded
 * @param shown those of them that the key may have
 * @param administering whether the key may get roles that administer Keycloak without anybody naming them
 */
record TokenRoles(RealmModel realm, Set<RoleModel> held, Set<RoleModel> shown, boolean administering) {

    static TokenRoles of(Auth caller) {
        RealmModel realm = caller.getRealm();
        RealmPolicy policy = RealmPolicy.of(realm);
        Set<RoleModel> held = RoleUtils.getDeepUserRoleMappings(caller.getUser());
        Set<RoleModel> shown = new HashSet<>(held);
        if (!policy.trustedClients().contains(caller.getToken().getIssuedFor())) {
            shown.removeIf(role -> !isShown(caller.getToken(), role));
        }
        return new TokenRoles(realm, held, shown, policy.keysAdminister());
    }

    private static boolean isShown(AccessToken token, RoleModel role) {
        AccessToken.Access access = role.getContainer() instanceof ClientModel client
                ? token.getResourceAccess(client.getClientId())
                : token.getRealmAccess();
        return access != null && access.isUserInRole(role.getName());
    }

    /**
     * Returns the restrictions of a new key: as they are asked for, and with the roles that the token shows where no roles
     * are named and the token does not show them all.
     */
    Restrictions restrict(Restrictions asked) {
        requireShown(asked);
        return new Restrictions(
                asked.realmRoles() != null || showsAll(false) ? asked.realmRoles() : realmRoles(),
                asked.clientRoles() != null || showsAll(true) ? asked.clientRoles() : clientRoles(),
                asked.scopes(),
                asked.clients(),
                asked.cidrs(),
                asked.organization());
    }

    /** Returns whether a key with these restrictions has no roles but those that the token shows. */
    boolean cover(Restrictions ofKey) {
        return (ofKey.realmRoles() == null
                        ? showsAll(false)
                        : ofKey.realmRoles().stream().allMatch(shows(realm)))
                && (ofKey.clientRoles() == null
                        ? showsAll(true)
                        : ofKey.clientRoles().entrySet().stream()
                                .allMatch(named -> named.getValue().stream().allMatch(shows(named.getKey()))));
    }

    private void requireShown(Restrictions asked) {
        if (asked.realmRoles() != null) {
            requireShown("realmRoles", asked.realmRoles(), shows(realm));
        }
        if (asked.clientRoles() != null) {
            asked.clientRoles()
                    .forEach((clientId, names) -> requireShown("clientRoles." + clientId, names, shows(clientId)));
        }
    }

    private static void requireShown(String part, Collection<String> names, Predicate<String> shows) {
        for (String name : names) {
            if (!shows.test(name)) {
                throw ApiErrors.badRequest(
                        "restrictions." + part,
                        "The token of this request does not show role '" + name + "', so the key cannot have it.");
            }
        }
    }

    private Predicate<String> shows(String clientId) {
        ClientModel client = realm.getClientByClientId(clientId);
        return client == null ? any -> true : shows(client);
    }

    /** A role that the user does not have, or that does not exist, gives a key nothing; others tell that it is wrong. */
    private Predicate<String> shows(RoleContainerModel container) {
        return name -> {
            RoleModel role = container.getRole(name);
            return role == null || contents(role).filter(held::contains).allMatch(shown::contains);
        };
    }

    private boolean showsAll(boolean ofClients) {
        return held.stream().filter(role -> role.isClientRole() == ofClients).allMatch(shown::contains);
    }

    private Set<String> realmRoles() {
        Set<String> names = new TreeSet<>();
        givable(false).map(RoleModel::getName).forEach(names::add);
        return names;
    }

    private Map<String, Set<String>> clientRoles() {
        Map<String, Set<String>> names = new HashMap<>();
        givable(true)
                .forEach(role -> names.computeIfAbsent(
                                ((ClientModel) role.getContainer()).getClientId(), client -> new TreeSet<>())
                        .add(role.getName()));
        return names;
    }

    /** Returns the roles that a key can be restricted to by name. */
    KeyRoles namable() {
        return KeyRoles.of(
                held.stream()
                        .filter(role -> contents(role).filter(held::contains).allMatch(shown::contains)),
                any -> true);
    }

    /** Returns the clients whose roles can be named. */
    Stream<ClientModel> clients() {
        return namable().clients().keySet().stream().map(realm::getClientByClientId);
    }

    /** Roles that bring nothing along that is not shown. Those that administer Keycloak have to be asked for by name. */
    private Stream<RoleModel> givable(boolean ofClients) {
        return shown.stream()
                .filter(role -> role.isClientRole() == ofClients)
                .filter(role -> contents(role)
                        .allMatch(each -> shown.contains(each) && (administering || !AdminRoles.isAdminRole(each))));
    }

    /** What naming a role gives to a key: the role, and what is in it of the same kind. */
    private static Stream<RoleModel> contents(RoleModel role) {
        return RoleUtils.expandCompositeRolesStream(Stream.of(role))
                .filter(each -> each.isClientRole() == role.isClientRole());
    }
}
