package io.apikeys.keycloak.holder;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.models.ClientModel;
import org.keycloak.models.GroupModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.MembershipMetadata;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.SubjectCredentialManager;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.RoleUtils;
import org.keycloak.models.utils.UserModelDelegate;

/**
 * A user who has only the roles that a key allows while a request acts for that key, and who is disabled if the key has
 * ended. Checks the acting keys at each call, because users are loaded before the key is known.
 */
public final class NarrowableUser extends UserModelDelegate {

    /**
     * The attributes that a key session may change in its holder's profile. Recovery or federation may rely on any
     * other.
     */
    private static final Set<String> HARMLESS_ATTRIBUTES =
            Set.of(FIRST_NAME, LAST_NAME, LOCALE, "terms_and_conditions");

    private static final Set<String> IDENTITY_ATTRIBUTES = Set.of(USERNAME, EMAIL, "federationLink");

    private final KeycloakSession session;
    private final RealmModel realm;
    private final boolean isNew;
    private final List<UserSessionModel> sessions = new ArrayList<>(1);

    /**
     * Wraps a user.
     *
     * @param real the user as stored
     * @param realm the user's realm, in which a key's role names are looked up
     * @param isNew whether this request creates the user, and may therefore set identifying attributes
     */
    public NarrowableUser(KeycloakSession session, RealmModel realm, UserModel real, boolean isNew) {
        super(real);
        this.session = session;
        this.realm = realm;
        this.isNew = isNew;
    }

    /** Binds this user to one of their sessions; from then on, only the bound sessions decide which keys act. */
    public void bind(UserSessionModel userSession) {
        for (UserSessionModel known : sessions) {
            if (known == userSession) {
                return;
            }
        }
        sessions.add(userSession);
    }

    private List<KeyScope> scopes() {
        return ActingKeys.of(session).scopes(getDelegate(), realm, sessions);
    }

    /**
     * Returns all roles that the user has, directly or indirectly, and that the keys allow, each without its
     * composites.
     */
    private Stream<RoleModel> flat(List<KeyScope> scopes, Predicate<RoleModel> wanted) {
        ActingKeys acting = ActingKeys.of(session);
        Set<RoleModel> allowed = acting.looking(() -> RoleUtils.getDeepUserRoleMappings(getDelegate())).stream()
                .filter(role -> allow(scopes, role))
                .map(FlatRole::new)
                .collect(Collectors.toSet());
        acting.rememberFlat(allowed, scopes);
        return allowed.stream().filter(wanted);
    }

    private static boolean allow(List<KeyScope> scopes, RoleModel role) {
        return scopes.stream().allMatch(scope -> scope.allows(role));
    }

    @Override
    public Stream<RoleModel> getRoleMappingsStream() {
        List<KeyScope> scopes = scopes();
        return scopes.isEmpty() ? super.getRoleMappingsStream() : flat(scopes, any -> true);
    }

    @Override
    public Stream<RoleModel> getRealmRoleMappingsStream() {
        List<KeyScope> scopes = scopes();
        return scopes.isEmpty() ? super.getRealmRoleMappingsStream() : flat(scopes, RoleUtils::isRealmRole);
    }

    @Override
    public Stream<RoleModel> getClientRoleMappingsStream(ClientModel client) {
        List<KeyScope> scopes = scopes();
        return scopes.isEmpty()
                ? super.getClientRoleMappingsStream(client)
                : flat(scopes, role -> RoleUtils.isClientRole(role, client));
    }

    @Override
    public boolean hasDirectRole(RoleModel role) {
        return getDelegate().hasDirectRole(role) && allow(scopes(), role);
    }

    @Override
    public boolean hasRole(RoleModel role) {
        return super.hasRole(role) && allow(scopes(), role);
    }

    @Override
    public Stream<GroupModel> getGroupsStream() {
        return withoutRoles(super.getGroupsStream());
    }

    @Override
    public Stream<GroupModel> getGroupsStream(String search, Integer first, Integer max) {
        return withoutRoles(getDelegate().getGroupsStream(search, first, max));
    }

    /** Returns whether the acting keys, if any, let this user act as a member of an organization. */
    public boolean actsIn(OrganizationModel organization) {
        return scopes().stream().allMatch(scope -> scope.allows(organization));
    }

    /** Returns groups of this user, without their roles if a key acts. */
    public Stream<GroupModel> withoutRoles(Stream<GroupModel> groups) {
        return scopes().isEmpty() ? groups : groups.map(RolelessGroup::of);
    }

    @Override
    public boolean isEnabled() {
        if (!super.isEnabled()) {
            return false;
        }
        List<KeyScope> scopes = scopes();
        return scopes.isEmpty() || scopes.stream().noneMatch(KeyScope::ended);
    }

    @Override
    public SubjectCredentialManager credentialManager() {
        return new GuardedCredentials(super.credentialManager(), CredentialGuard.of(session));
    }

    @Override
    public void setUsername(String username) {
        refuseChange(USERNAME, Objects.equals(username, getUsername()));
        super.setUsername(username);
    }

    @Override
    public void setEmail(String email) {
        refuseChange(EMAIL, Objects.equals(email, getEmail()));
        super.setEmail(email);
    }

    @Override
    public void setSingleAttribute(String name, String value) {
        refuseChange(name, Objects.equals(value, getFirstAttribute(name)));
        super.setSingleAttribute(name, value);
    }

    @Override
    public void setAttribute(String name, List<String> values) {
        refuseChange(name, Objects.equals(values, getAttributeStream(name).toList()));
        super.setAttribute(name, values);
    }

    @Override
    public void removeAttribute(String name) {
        refuseChange(name, getFirstAttribute(name) == null);
        super.removeAttribute(name);
    }

    @Override
    public void setFederationLink(String link) {
        refuseChange("federationLink", Objects.equals(link, getFederationLink()));
        super.setFederationLink(link);
    }

    @Override
    public void setEmailVerified(boolean verified) {
        refuseToAdminister("emailVerified", verified == isEmailVerified() || isNew);
        super.setEmailVerified(verified);
    }

    @Override
    public void removeRequiredAction(String action) {
        refuseToAdminister("requiredActions", getRequiredActionsStream().noneMatch(action::equals));
        super.removeRequiredAction(action);
    }

    @Override
    public void removeRequiredAction(RequiredAction action) {
        removeRequiredAction(action.name());
    }

    /** Refuses a change, by a key and outside of a login, of an attribute that only the user's own login may change. */
    private void refuseToAdminister(String attribute, boolean same) {
        if (!same
                && session.getContext().getAuthenticationSession() == null
                && CredentialGuard.of(session).acts()) {
            throw CredentialGuard.readOnly(attribute);
        }
    }

    /**
     * Refuses to change an attribute that identifies a user, or any attribute of the key's holder not known to be
     * harmless.
     */
    private void refuseChange(String attribute, boolean same) {
        if (same || isNew) {
            return;
        }
        CredentialGuard guard = CredentialGuard.of(session);
        if (IDENTITY_ATTRIBUTES.contains(attribute)
                ? guard.acts()
                : !HARMLESS_ATTRIBUTES.contains(attribute) && guard.actsFor(getDelegate())) {
            throw CredentialGuard.readOnly(attribute);
        }
    }

    @Override
    public void grantRole(RoleModel role) {
        CredentialGuard.of(session).refuseAdministration(realm, Stream.of(role));
        super.grantRole(role);
    }

    @Override
    public void joinGroup(GroupModel group) {
        CredentialGuard.of(session).refuseAdministration(realm, rolesOf(group));
        super.joinGroup(group);
    }

    @Override
    public void joinGroup(GroupModel group, MembershipMetadata metadata) {
        CredentialGuard.of(session).refuseAdministration(realm, rolesOf(group));
        getDelegate().joinGroup(group, metadata);
    }

    private static Stream<RoleModel> rolesOf(GroupModel group) {
        return Stream.iterate(group, each -> each != null, GroupModel::getParent)
                .flatMap(GroupModel::getRoleMappingsStream);
    }

    @Override
    public long getGroupsCount() {
        return getDelegate().getGroupsCount();
    }

    @Override
    public long getGroupsCountByNameContaining(String search) {
        return getDelegate().getGroupsCountByNameContaining(search);
    }

    @Override
    public boolean isFederated() {
        return getDelegate().isFederated();
    }

    @Override
    public Long getLastModifiedTimestamp() {
        return getDelegate().getLastModifiedTimestamp();
    }

    @Override
    public void setLastModifiedTimestamp(Long timestamp) {
        getDelegate().setLastModifiedTimestamp(timestamp);
    }
}
