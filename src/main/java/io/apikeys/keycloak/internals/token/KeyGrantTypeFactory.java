package io.apikeys.keycloak.internals.token;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.keycloak.Config;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.protocol.oidc.grants.AuthorizationCodeGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.OAuth2GrantType;
import org.keycloak.protocol.oidc.grants.OAuth2GrantTypeFactory;
import org.keycloak.protocol.oidc.grants.PermissionGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.RefreshTokenGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.ResourceOwnerPasswordCredentialsGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.TokenExchangeGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.ciba.CibaGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.device.DeviceGrantTypeFactory;
import org.keycloak.provider.EnvironmentDependentProviderFactory;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.clientpolicy.ClientPolicyException;

/**
 * Keycloak's grants for user sessions, with {@link KeyTokenManager} in place of Keycloak's own token manager. They
 * replace Keycloak's by a higher {@link #order()}.
 */
public abstract class KeyGrantTypeFactory implements OAuth2GrantTypeFactory, EnvironmentDependentProviderFactory {

    private final OAuth2GrantTypeFactory keycloaks;

    private KeyGrantTypeFactory(OAuth2GrantTypeFactory keycloaks) {
        this.keycloaks = keycloaks;
    }

    @Override
    public String getId() {
        return keycloaks.getId();
    }

    @Override
    public String getShortcut() {
        return keycloaks.getShortcut();
    }

    @Override
    public int order() {
        return keycloaks.order() + 10;
    }

    /** Returns false if the grant belongs to a Keycloak feature that is disabled. */
    @Override
    public boolean isSupported(Config.Scope config) {
        return !(keycloaks instanceof EnvironmentDependentProviderFactory dependent) || dependent.isSupported(config);
    }

    @Override
    public OAuth2GrantType create(KeycloakSession session) {
        return new KeyGrant(keycloaks.create(session));
    }

    @Override
    public void init(Config.Scope config) {
        keycloaks.init(config);
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        keycloaks.postInit(factory);
    }

    @Override
    public void close() {
        keycloaks.close();
    }

    public static final class AuthorizationCode extends KeyGrantTypeFactory {
        public AuthorizationCode() {
            super(new AuthorizationCodeGrantTypeFactory());
        }
    }

    public static final class Refresh extends KeyGrantTypeFactory {
        public Refresh() {
            super(new RefreshTokenGrantTypeFactory());
        }
    }

    public static final class Password extends KeyGrantTypeFactory {
        public Password() {
            super(new ResourceOwnerPasswordCredentialsGrantTypeFactory());
        }
    }

    public static final class TokenExchange extends KeyGrantTypeFactory {
        public TokenExchange() {
            super(new TokenExchangeGrantTypeFactory());
        }
    }

    public static final class Permission extends KeyGrantTypeFactory {
        public Permission() {
            super(new PermissionGrantTypeFactory());
        }
    }

    public static final class Device extends KeyGrantTypeFactory {
        public Device() {
            super(new DeviceGrantTypeFactory());
        }
    }

    public static final class Ciba extends KeyGrantTypeFactory {
        public Ciba() {
            super(new CibaGrantTypeFactory());
        }
    }

    /** Another grant, with {@link KeyTokenManager} as its token manager. */
    private record KeyGrant(OAuth2GrantType grant) implements OAuth2GrantType {

        @Override
        public Response process(Context context) {
            AllScopes.refuse(context);
            return grant.process(new Context(
                    context.getSession(),
                    context.getClientConfig(),
                    context.getClientAuthAttributes(),
                    context.getFormParams(),
                    context.getEvent(),
                    context.getCors(),
                    new KeyTokenManager()));
        }

        @Override
        public EventType getEventType() {
            return grant.getEventType();
        }

        @Override
        public Set<String> getSupportedMultivaluedRequestParameters() {
            return grant.getSupportedMultivaluedRequestParameters();
        }

        @Override
        public Set<String> getTokenParameterNames() {
            return grant.getTokenParameterNames();
        }

        @Override
        public void preProcess(KeycloakSession session, MultivaluedMap<String, String> form)
                throws ClientPolicyException {
            grant.preProcess(session, form);
        }

        @Override
        public boolean isTokenAllowed(KeycloakSession session, AccessToken token) {
            return grant.isTokenAllowed(session, token);
        }

        @Override
        public void close() {
            grant.close();
        }
    }
}
