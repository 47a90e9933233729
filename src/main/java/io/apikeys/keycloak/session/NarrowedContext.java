package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderOrganizations;
import io.apikeys.keycloak.credential.Restrictions;
import io.apikeys.keycloak.verify.AllowedRoles;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
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
import org.keycloak.models.UserModel;
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
    private final ApiKeyCredentialModel key;
    private final Restrictions restrictions;
    private final AllowedRoles allowedRoles;
    private List<ClientScopeModel> scopes;
    private List<ProtocolMapperModel> mappers;

    NarrowedContext(KeycloakSession keycloak, ClientSessionContext context, ApiKeyCredentialModel key) {
        this.keycloak = keycloak;
        this.context = context;
        this.key = key;
        this.restrictions = key.policy().orElseThrow().restrictions();
        this.allowedRoles = AllowedRoles.of(realm(), restrictions);
        if (restrictions.organization() != null) {
            // What Keycloak's mapper takes before it looks at what was asked for (OrganizationMembershipMapper).
            keycloak.getContext()
                    .setOrganization(new HolderOrganizations(keycloak, holder())
                            .find(restrictions.organization())
                            .orElseThrow());
        }
    }

    /** The key that narrows, which had not ended when this was made. */
    ApiKeyCredentialModel key() {
        return key;
    }

    private UserModel holder() {
        return context.getClientSession().getUserSession().getUser();
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
            scopes = context.getClientScopesStream().filter(this::allows).toList();
        }
        return scopes.stream();
    }

    private boolean allows(ClientScopeModel scope) {
        return scope instanceof ClientModel || (restrictions.allowsScope(nameOf(scope.getName())) && hasRoleFor(scope));
    }

    /** As Keycloak does, a scope that is there for some roles goes with them ({@code DefaultClientSessionContext}). */
    private boolean hasRoleFor(ClientScopeModel scope) {
        List<RoleModel> needed = scope.getScopeMappingsStream().toList();
        UserModel holder = holder();
        return needed.isEmpty()
                || RoleUtils.expandCompositeRolesStream(needed.stream())
                        .anyMatch(role -> allowedRoles.test(role) && holder.hasRole(role));
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
        if (mappers == null) {
            Stream<ProtocolMapperModel> all = context.getProtocolMappersStream().filter(this::allows);
            mappers = (keepsAllScopes() ? all : all.filter(ofScopes(scopes))).toList();
        }
        return mappers.stream();
    }

    private static Predicate<ProtocolMapperModel> ofScopes(List<ClientScopeModel> scopes) {
        Set<String> ids = scopes.stream()
                .flatMap(ClientScopeModel::getProtocolMappersStream)
                .map(ProtocolMapperModel::getId)
                .collect(Collectors.toSet());
        return mapper -> ids.contains(mapper.getId());
    }

    private boolean keepsAllScopes() {
        return getClientScopesStream().count()
                == context.getClientScopesStream().count();
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
        String scope = context.getScopeString(ignoreIncludeInTokenScope);
        return keepsAllScopes() && restrictions.organization() == null ? scope : withoutThoseNotAllowed(scope);
    }

    private String withoutThoseNotAllowed(String scope) {
        return Arrays.stream(scope.split(" "))
                .filter(name -> name.equals(OAuth2Constants.SCOPE_OPENID) || hasScope(nameOf(name)))
                .map(this::ofTheOrganization)
                .distinct()
                .collect(Collectors.joining(" "));
    }

    /** Whichever organizations were asked for, the one that the key is for. */
    private String ofTheOrganization(String scope) {
        return restrictions.organization() != null && nameOf(scope).equals(OAuth2Constants.ORGANIZATION)
                ? OAuth2Constants.ORGANIZATION + ClientScopeModel.VALUE_SEPARATOR + restrictions.organization()
                : scope;
    }

    /** Without the value that a scope may be asked for with, as in {@code organization:acme}. */
    private static String nameOf(String scope) {
        int separator = scope.indexOf(ClientScopeModel.VALUE_SEPARATOR);
        return separator < 0 ? scope : scope.substring(0, separator);
    }

    private boolean hasScope(String name) {
        return getClientScopesStream()
                .anyMatch(scope -> scope.getName() != null && name.equals(nameOf(scope.getName())));
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
