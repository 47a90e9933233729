package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.Restrictions;
import io.apikeys.keycloak.verify.AllowedRoles;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.OAuth2Constants;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientScopeModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ProtocolMapperModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.RoleUtils;
import org.keycloak.protocol.oidc.mappers.HardcodedRole;
import org.keycloak.rar.AuthorizationRequestContext;

/**
 * What a client gets of its user in a session that a key has opened: from here every mapper takes roles, scopes and the
 * mappers that come with scopes, so that what the key does not let through is in no token.
 */
final class NarrowedContext implements ClientSessionContext {

    private final KeycloakSession keycloak;
    private final ClientSessionContext context;
    private final Restrictions restrictions;
    private final AllowedRoles allowedRoles;
    private List<ClientScopeModel> scopes;

    NarrowedContext(KeycloakSession keycloak, ClientSessionContext context, Restrictions restrictions) {
        this.keycloak = keycloak;
        this.context = context;
        this.restrictions = restrictions;
        this.allowedRoles = AllowedRoles.of(realm(), restrictions);
    }

    private RealmModel realm() {
        return context.getClientSession().getRealm();
    }

    @Override
    public AuthenticatedClientSessionModel getClientSession() {
        return context.getClientSession();
    }

    @Override
    public Stream<RoleModel> getRolesStream() {
        return context.getRolesStream().filter(allowedRoles);
    }

    @Override
    public Stream<ClientScopeModel> getClientScopesStream() {
        if (scopes == null) {
            Set<RoleModel> userRoles = RoleUtils.getDeepUserRoleMappings(
                    getClientSession().getUserSession().getUser());
            userRoles.removeIf(role -> !allowedRoles.test(role));
            scopes = context.getClientScopesStream()
                    .filter(scope -> allows(scope, userRoles))
                    .toList();
        }
        return scopes.stream();
    }

    /** As Keycloak does, a scope that is there for some roles goes with them ({@code DefaultClientSessionContext}). */
    private boolean allows(ClientScopeModel scope, Set<RoleModel> userRoles) {
        if (scope instanceof ClientModel) {
            return true;
        }
        List<RoleModel> needed = scope.getScopeMappingsStream().toList();
        return restrictions.allowsScope(scope.getName())
                && (needed.isEmpty()
                        || RoleUtils.expandCompositeRolesStream(needed.stream()).anyMatch(userRoles::contains));
    }

    @Override
    public Set<String> getClientScopeIds() {
        return getClientScopesStream().map(ClientScopeModel::getId).collect(Collectors.toSet());
    }

    @Override
    public boolean isOfflineTokenRequested() {
        return context.isOfflineTokenRequested() && hasScope(OAuth2Constants.OFFLINE_ACCESS);
    }

    @Override
    public Stream<ProtocolMapperModel> getProtocolMappersStream() {
        Set<String> kept = getClientScopesStream()
                .flatMap(ClientScopeModel::getProtocolMappersStream)
                .map(ProtocolMapperModel::getId)
                .collect(Collectors.toSet());
        return context.getProtocolMappersStream().filter(mapper -> kept.contains(mapper.getId()) && allows(mapper));
    }

    /** The one mapper that gives roles which nobody has asked for ({@link HardcodedRole}). */
    private boolean allows(ProtocolMapperModel mapper) {
        if (!HardcodedRole.PROVIDER_ID.equals(mapper.getProtocolMapper())) {
            return true;
        }
        RoleModel role = KeycloakModelUtils.getRoleFromString(
                keycloak, realm(), mapper.getConfig().get(HardcodedRole.ROLE_CONFIG));
        return role != null && allowedRoles.test(role);
    }

    @Override
    public String getScopeString() {
        return getScopeString(false);
    }

    /** {@code openid} is no scope that a realm knows, and gives access to nothing by itself. */
    @Override
    public String getScopeString(boolean ignoreIncludeInTokenScope) {
        return Arrays.stream(context.getScopeString(ignoreIncludeInTokenScope).split(" "))
                .filter(name -> name.equals(OAuth2Constants.SCOPE_OPENID) || hasScope(nameOf(name)))
                .collect(Collectors.joining(" "));
    }

    /** Without the value that a scope may be asked for with, as in {@code organization:acme}. */
    private static String nameOf(String scope) {
        int separator = scope.indexOf(ClientScopeModel.VALUE_SEPARATOR);
        return separator < 0 ? scope : scope.substring(0, separator);
    }

    private boolean hasScope(String name) {
        return getClientScopesStream().anyMatch(scope -> name.equals(scope.getName()));
    }

    @Override
    public void setAttribute(String name, Object value) {
        context.setAttribute(name, value);
    }

    @Override
    public <T> T getAttribute(String name, Class<T> type) {
        return context.getAttribute(name, type);
    }

    @Override
    public AuthorizationRequestContext getAuthorizationRequestContext() {
        return context.getAuthorizationRequestContext();
    }
}
