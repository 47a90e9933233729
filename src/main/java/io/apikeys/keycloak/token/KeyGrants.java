package io.apikeys.keycloak.token;

import io.apikeys.keycloak.session.KeyTokenManager;
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
 * Keycloak's grants that a user's session can come through, with {@link KeyTokenManager} in place of Keycloak's own token
 * manager. They take over from Keycloak's by a higher {@link #order()} and change nothing else.
 */
public abstract class KeyGrants implements OAuth2GrantTypeFactory, EnvironmentDependentProviderFactory {

    private final OAuth2GrantTypeFactory keycloaks;

    private KeyGrants(OAuth2GrantTypeFactory keycloaks) {
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

    /** Where a feature of Keycloak is off, so is its grant. */
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

    public static final class AuthorizationCode extends KeyGrants {
        public AuthorizationCode() {
            super(new AuthorizationCodeGrantTypeFactory());
        }
    }

    public static final class Refresh extends KeyGrants {
        public Refresh() {
            super(new RefreshTokenGrantTypeFactory());
        }
    }

    public static final class Password extends KeyGrants {
        public Password() {
            super(new ResourceOwnerPasswordCredentialsGrantTypeFactory());
        }
    }

    public static final class TokenExchange extends KeyGrants {
        public TokenExchange() {
            super(new TokenExchangeGrantTypeFactory());
        }
    }

    public static final class Permission extends KeyGrants {
        public Permission() {
            super(new PermissionGrantTypeFactory());
        }
    }

    public static final class Device extends KeyGrants {
        public Device() {
            super(new DeviceGrantTypeFactory());
        }
    }

    public static final class Ciba extends KeyGrants {
        public Ciba() {
            super(new CibaGrantTypeFactory());
        }
    }

    /** Another grant, which gets its tokens made elsewhere. */
    private record KeyGrant(OAuth2GrantType grant) implements OAuth2GrantType {

        @Override
        public Response process(Context context) {
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
