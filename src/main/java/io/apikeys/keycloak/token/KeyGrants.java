package io.apikeys.keycloak.token;

import io.apikeys.keycloak.session.KeyTokenManager;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.grants.AuthorizationCodeGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.OAuth2GrantType;
import org.keycloak.protocol.oidc.grants.PermissionGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.RefreshTokenGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.ResourceOwnerPasswordCredentialsGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.TokenExchangeGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.ciba.CibaGrantTypeFactory;
import org.keycloak.protocol.oidc.grants.device.DeviceGrantTypeFactory;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.clientpolicy.ClientPolicyException;

/**
 * Keycloak's grants that a user's session can come through, with {@link KeyTokenManager} in place of Keycloak's own token
 * manager. They take over from Keycloak's by a higher {@code order()} and change nothing else.
 */
public final class KeyGrants {

    private static final int BEFORE_KEYCLOAKS_OWN = 10;

    private KeyGrants() {}

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

    public static final class AuthorizationCode extends AuthorizationCodeGrantTypeFactory {
        @Override
        public OAuth2GrantType create(KeycloakSession session) {
            return new KeyGrant(super.create(session));
        }

        @Override
        public int order() {
            return BEFORE_KEYCLOAKS_OWN;
        }
    }

    public static final class Refresh extends RefreshTokenGrantTypeFactory {
        @Override
        public OAuth2GrantType create(KeycloakSession session) {
            return new KeyGrant(super.create(session));
        }

        @Override
        public int order() {
            return BEFORE_KEYCLOAKS_OWN;
        }
    }

    public static final class Password extends ResourceOwnerPasswordCredentialsGrantTypeFactory {
        @Override
        public OAuth2GrantType create(KeycloakSession session) {
            return new KeyGrant(super.create(session));
        }

        @Override
        public int order() {
            return BEFORE_KEYCLOAKS_OWN;
        }
    }

    public static final class TokenExchange extends TokenExchangeGrantTypeFactory {
        @Override
        public OAuth2GrantType create(KeycloakSession session) {
            return new KeyGrant(super.create(session));
        }

        @Override
        public int order() {
            return BEFORE_KEYCLOAKS_OWN;
        }
    }

    public static final class Permission extends PermissionGrantTypeFactory {
        @Override
        public OAuth2GrantType create(KeycloakSession session) {
            return new KeyGrant(super.create(session));
        }

        @Override
        public int order() {
            return BEFORE_KEYCLOAKS_OWN;
        }
    }

    public static final class Device extends DeviceGrantTypeFactory {
        @Override
        public OAuth2GrantType create(KeycloakSession session) {
            return new KeyGrant(super.create(session));
        }

        @Override
        public int order() {
            return BEFORE_KEYCLOAKS_OWN;
        }
    }

    public static final class Ciba extends CibaGrantTypeFactory {
        @Override
        public OAuth2GrantType create(KeycloakSession session) {
            return new KeyGrant(super.create(session));
        }

        @Override
        public int order() {
            return BEFORE_KEYCLOAKS_OWN;
        }
    }
}
