package io.apikeys.keycloak.internals.token;

import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.restriction.HolderOrganizations;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.restriction.roles.AllowedRoles;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
import org.keycloak.organization.protocol.mappers.oidc.OrganizationMembershipMapper;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.mappers.HardcodedRole;
import org.keycloak.protocol.saml.SamlProtocolFactory;
import org.keycloak.rar.AuthorizationRequestContext;

/**
 * Restricts a client in a key session to the scopes that the key allows, and to the mappers of those scopes. Roles are
 * restricted in the store, at their holder.
 */
final class NarrowedContext implements ClientSessionContext {

    private static final String ORGANIZATION_VALUE = OAuth2Constants.ORGANIZATION + ClientScopeModel.VALUE_SEPARATOR;

    /** Scopes of every SAML client, which show only data restricted elsewhere and give no access by themselves. */
    private static final Set<String> NAMED_BY_NOBODY =
            Set.of(SamlProtocolFactory.SCOPE_ROLE_LIST, SamlProtocolFactory.SCOPE_AUTHN_CONTEXT_CLASS_REF);

    /** The setting that names the role, by mapper type. */
    private static final Map<String, String> HARDCODED_ROLES = Map.of(
            HardcodedRole.PROVIDER_ID,
            HardcodedRole.ROLE_CONFIG,
            org.keycloak.protocol.saml.mappers.HardcodedRole.PROVIDER_ID,
            org.keycloak.protocol.saml.mappers.HardcodedRole.ROLE_ATTRIBUTE);

    private final KeycloakSession keycloak;
    private final ClientSessionContext context;
    private final ReadableKey key;
    private final Restrictions restrictions;
    private final AllowedRoles allowedRoles;
    private @Nullable List<ClientScopeModel> scopes;
    private @Nullable List<ProtocolMapperModel> mappers;

    /**
     * Restricts a client in a key session. Also selects the organization that the key is restricted to, because
     * {@code OrganizationMembershipMapper} reads that before the requested organization.
     */
    static NarrowedContext of(KeycloakSession keycloak, ClientSessionContext context, ReadableKey key) {
        NarrowedContext narrowed = new NarrowedContext(keycloak, context, key);
        if (narrowed.restrictions.get(Restrictions.ORGANIZATION) != null) {
            keycloak.getContext()
                    .setOrganization(new HolderOrganizations(keycloak, narrowed.holder())
                            .allowedBy(narrowed.restrictions)
                            .findFirst()
                            .orElseThrow());
        }
        return narrowed;
    }

    private NarrowedContext(KeycloakSession keycloak, ClientSessionContext context, ReadableKey key) {
        this.keycloak = keycloak;
        this.context = context;
        this.key = key;
        this.restrictions = key.restrictions(keycloak, realm());
        this.allowedRoles = AllowedRoles.of(realm(), restrictions);
    }

    /** Returns the key, which had not ended when this context was created. */
    ReadableKey key() {
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

    /** Returns the roles of the holder, who is restricted already, that the allowed scopes include. */
    @Override
    public Stream<RoleModel> getRolesStream() {
        return keepsAllScopes()
                ? context.getRolesStream()
                : TokenManager.getAccess(holder(), getClientSession().getClient(), getClientScopesStream()).stream();
    }

    @Override
    public Stream<ClientScopeModel> getClientScopesStream() {
        if (scopes == null) {
            scopes = context.getClientScopesStream().filter(this::allows).toList();
        }
        return scopes.stream();
    }

    /**
     * Returns whether the key allows a scope. The client itself counts as one; finding it among the scopes would take a
     * query.
     */
    private boolean allows(ClientScopeModel scope) {
        if (scope instanceof ClientModel) {
            return true;
        }
        String name = nameOf(scope);
        return NAMED_BY_NOBODY.contains(name) || restrictions.allowsScope(name);
    }

    /** Returns a scope's name in the realm, without the value with which it may have been requested. */
    private String nameOf(ClientScopeModel scope) {
        ClientScopeModel known = realm().getClientScopeById(scope.getId());
        return known == null ? scope.getName() : known.getName();
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
            mappers = (keepsAllScopes() ? all : all.filter(ofScopes(getClientScopesStream()))).toList();
        }
        return mappers.stream();
    }

    private static Predicate<ProtocolMapperModel> ofScopes(Stream<ClientScopeModel> scopes) {
        Set<String> ids = scopes.flatMap(ClientScopeModel::getProtocolMappersStream)
                .map(ProtocolMapperModel::getId)
                .collect(Collectors.toSet());
        return mapper -> ids.contains(mapper.getId());
    }

    private boolean keepsAllScopes() {
        return getClientScopesStream().count()
                == context.getClientScopesStream().count();
    }

    /** Returns false for the two mappers that give users roles they do not have, if the key does not allow the role. */
    private boolean allows(ProtocolMapperModel mapper) {
        String config = HARDCODED_ROLES.get(mapper.getProtocolMapper());
        if (config == null) {
            return true;
        }
        RoleModel role = KeycloakModelUtils.getRoleFromString(
                keycloak, realm(), mapper.getConfig().get(config));
        return role != null && allowedRoles.test(role);
    }

    @Override
    public String getScopeString() {
        return getScopeString(false);
    }

    /**
     * Returns the allowed scopes, and {@code openid}, which is not a client scope of the realm and gives no access by
     * itself.
     */
    @Override
    public String getScopeString(boolean ignoreIncludeInTokenScope) {
        String scope = context.getScopeString(ignoreIncludeInTokenScope);
        return keepsAllScopes() && restrictions.get(Restrictions.ORGANIZATION) == null
                ? scope
                : withoutThoseNotAllowed(scope);
    }

    private String withoutThoseNotAllowed(String scope) {
        return Arrays.stream(scope.split(" "))
                .filter(name -> name.equals(OAuth2Constants.SCOPE_OPENID) || hasScope(name))
                .map(this::ofTheOrganization)
                .distinct()
                .collect(Collectors.joining(" "));
    }

    /** Replaces any requested organization with the one that the key is restricted to. */
    private String ofTheOrganization(String scope) {
        Set<String> aliases = restrictions.get(Restrictions.ORGANIZATION);
        return aliases != null && (scope.equals(OAuth2Constants.ORGANIZATION) || scope.startsWith(ORGANIZATION_VALUE))
                ? ORGANIZATION_VALUE + aliases.iterator().next()
                : scope;
    }

    /**
     * Returns whether a scope is allowed. Only parameterized scopes have values: {@code orders:write} is a scope of its
     * own, but {@code organization:acme} is a value of {@code organization}.
     */
    private boolean hasScope(String text) {
        return getClientScopesStream()
                .filter(scope -> scope.getName() != null)
                .anyMatch(scope -> text.equals(scope.getName())
                        || (takesValues(scope) && text.startsWith(nameOf(scope) + ClientScopeModel.VALUE_SEPARATOR)));
    }

    private static boolean takesValues(ClientScopeModel scope) {
        return ClientScopeModel.isParameterizedScope(scope)
                || !scope.getProtocolMapperByType(OrganizationMembershipMapper.PROVIDER_ID)
                        .isEmpty();
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
