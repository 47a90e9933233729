package io.apikeys.keycloak.internals.rest;

import io.apikeys.keycloak.rest.api.ApiErrors;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.AccessTokenIntrospectionProvider;
import org.keycloak.protocol.oidc.AccessTokenIntrospectionProviderFactory;
import org.keycloak.protocol.oidc.TokenIntrospectionProvider;
import org.keycloak.protocol.oidc.encode.AccessTokenContext.TokenType;
import org.keycloak.protocol.oidc.encode.TokenContextEncoderProvider;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.cors.Cors;
import org.keycloak.services.managers.AppAuthManager;
import org.keycloak.services.managers.Auth;
import org.keycloak.services.managers.AuthenticationManager.AuthResult;

/**
 * Authenticates a caller by bearer token under the rules of Keycloak's Account REST API ({@code AccountLoader}): a
 * token for the {@code account} client, not of a service account, from an origin that the token's client allows.
 */
public final class AccountBearer {

    private static final String[] METHODS = {"GET", "POST", "PATCH", "DELETE"};

    private AccountBearer() {}

    /** Answers a CORS preflight request as Keycloak does, but also allows {@code PATCH}. */
    public static Response preflight() {
        return Cors.builder().preflight().allowedMethods(METHODS).auth().add(Response.ok());
    }

    public static Auth authenticate(KeycloakSession session) {
        RealmModel realm = session.getContext().getRealm();
        ClientModel account = realm.getClientByClientId(Constants.ACCOUNT_MANAGEMENT_CLIENT_ID);
        if (!realm.isEnabled() || account == null || !account.isEnabled()) {
            throw ApiErrors.notFound("This realm does not let users manage their accounts.");
        }
        AuthResult caller = bearer(session);
        AccessToken token = withRoles(session, caller, account);
        if (!token.hasAudience(account.getClientId())) {
            throw ApiErrors.unauthorized("The token lacks audience '" + account.getClientId() + "'.");
        }
        Cors.builder()
                .checkAllowedOrigins(token)
                .allowedMethods(METHODS)
                .exposedHeaders(HttpHeaders.LOCATION, HttpHeaders.WWW_AUTHENTICATE)
                .auth()
                .add();
        if (caller.user().getServiceAccountClientLink() != null) {
            throw ApiErrors.forbidden(
                    "A service account cannot manage its own API keys. Ask an administrator to do so.");
        }
        return new Auth(realm, token, caller.user(), account, caller.session(), false);
    }

    private static AuthResult bearer(KeycloakSession session) {
        try {
            AuthResult caller = new AppAuthManager.BearerTokenAuthenticator(session).authenticate();
            if (caller != null) {
                return caller;
            }
        } catch (NotAuthorizedException malformedHeader) {
            throw ApiErrors.unauthorized();
        }
        throw ApiErrors.unauthorized();
    }

    private static boolean isLightweight(KeycloakSession session, AccessToken token) {
        return session.getProvider(TokenContextEncoderProvider.class)
                        .getTokenContextFromTokenId(token.getId())
                        .getTokenType()
                == TokenType.LIGHTWEIGHT;
    }

    /** Returns the token with its roles, which a lightweight token lacks before introspection. */
    private static AccessToken withRoles(KeycloakSession session, AuthResult caller, ClientModel account) {
        AccessToken token = caller.token();
        if (!isLightweight(session, token)
                && token.getAudience() != null
                && token.getResourceAccess(account.getClientId()) != null) {
            return token;
        }
        AccessTokenIntrospectionProvider<?> introspection = (AccessTokenIntrospectionProvider<?>) session.getProvider(
                TokenIntrospectionProvider.class, AccessTokenIntrospectionProviderFactory.ACCESS_TOKEN_TYPE);
        return introspection.transformAccessToken(token, caller.session());
    }
}
