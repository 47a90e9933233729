package io.apikeys.keycloak.rest.account;

import static io.apikeys.keycloak.restriction.Restrictions.CLIENT_ROLES;
import static io.apikeys.keycloak.restriction.Restrictions.REALM_ROLES;

import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.restriction.roles.KeyRoles;
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
 * The roles that a new key may have. They are the user's roles that the token of the request contains, so that a key
 * gives nobody rights that the token alone does not give; or all of the user's roles, if the realm trusts the client
 * that the token was issued to.
 *
 * @param held all roles of the user, with composites expanded
 * @param shown those of them that the key may have
 * @param administering whether the key may have roles that administer Keycloak without naming them
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
     * Returns the restrictions of a new key: the requested ones, restricted to the roles in the token where the request
     * names no roles and the token does not contain them all.
     */
    Restrictions restrict(Restrictions asked) {
        requireShown(asked);
        Restrictions shownAlone = asked;
        if (asked.get(REALM_ROLES) == null && !showsAll(false)) {
            shownAlone = shownAlone.with(REALM_ROLES, realmRoles());
        }
        if (asked.get(CLIENT_ROLES) == null && !showsAll(true)) {
            shownAlone = shownAlone.with(CLIENT_ROLES, clientRoles());
        }
        return shownAlone;
    }

    /** Returns whether a key with these restrictions has only roles that the token contains. */
    boolean cover(Restrictions ofKey) {
        Set<String> names = ofKey.get(REALM_ROLES);
        Map<String, Set<String>> byClient = ofKey.get(CLIENT_ROLES);
        return (names == null ? showsAll(false) : names.stream().allMatch(shows(realm)))
                && (byClient == null
                        ? showsAll(true)
                        : byClient.entrySet().stream()
                                .allMatch(named -> named.getValue().stream().allMatch(shows(named.getKey()))));
    }

    private void requireShown(Restrictions asked) {
        Set<String> names = asked.get(REALM_ROLES);
        if (names != null) {
            requireShown(REALM_ROLES.name(), names, shows(realm));
        }
        Map<String, Set<String>> byClient = asked.get(CLIENT_ROLES);
        if (byClient != null) {
            byClient.forEach((clientId, ofClient) ->
                    requireShown(CLIENT_ROLES.name() + "." + clientId, ofClient, shows(clientId)));
        }
    }

    private static void requireShown(String part, Collection<String> names, Predicate<String> shows) {
        for (String name : names) {
            if (!shows.test(name)) {
                throw ApiErrors.badRequest(
                        "restrictions." + part,
                        "The token of this request does not contain role '" + name + "', so the key cannot have it.");
            }
        }
    }

    private Predicate<String> shows(String clientId) {
        ClientModel client = realm.getClientByClientId(clientId);
        return client == null ? any -> true : shows(client);
    }

    /**
     * Returns a predicate for names of roles that the token contains. It accepts the name of a role that the user does
     * not have, or that does not exist: such a role gives the key nothing, and is refused elsewhere.
     */
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

    /**
     * Returns the roles whose composites are all in the token. Roles that administer Keycloak are left out, unless a
     * key need not name them.
     */
    private Stream<RoleModel> givable(boolean ofClients) {
        return shown.stream()
                .filter(role -> role.isClientRole() == ofClients)
                .filter(role -> contents(role)
                        .allMatch(each -> shown.contains(each) && (administering || !AdminRoles.isAdminRole(each))));
    }

    /** Returns what a key gets that names a role: the role and its composites of the same kind. */
    private static Stream<RoleModel> contents(RoleModel role) {
        return RoleUtils.expandCompositeRolesStream(Stream.of(role))
                .filter(each -> each.isClientRole() == role.isClientRole());
    }
}
