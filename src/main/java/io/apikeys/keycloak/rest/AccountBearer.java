package io.apikeys.keycloak.rest;

import jakarta.ws.rs.NotAuthorizedException;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.AccessTokenIntrospectionProvider;
import org.keycloak.protocol.oidc.AccessTokenIntrospectionProviderFactory;
import org.keycloak.protocol.oidc.TokenIntrospectionProvider;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.cors.Cors;
import org.keycloak.services.managers.AppAuthManager;
import org.keycloak.services.managers.Auth;
import org.keycloak.services.managers.AuthenticationManager.AuthResult;

/**
 * Who calls, by bearer token, under the rules of Keycloak's Account REST API ({@code AccountLoader}): a token for the
 * {@code account} client, of a user and not of a service account, from an origin that the token's client allows.
 */
final class AccountBearer {

    private AccountBearer() {}

    static Auth authenticate(KeycloakSession session) {
        RealmModel realm = session.getContext().getRealm();
        ClientModel account = realm.getClientByClientId(Constants.ACCOUNT_MANAGEMENT_CLIENT_ID);
        if (!realm.isEnabled() || account == null || !account.isEnabled()) {
            throw Refused.notFound("This realm does not let users manage their accounts.");
        }
        AuthResult caller = bearer(session);
        AccessToken token = withRoles(session, caller, account);
        if (!token.hasAudience(account.getClientId())) {
            throw Refused.unauthorized();
        }
        Cors.builder()
                .checkAllowedOrigins(token)
                .allowedMethods(CorsPreflight.METHODS)
                .exposedHeaders("Location")
                .auth()
                .add();
        if (caller.user().getServiceAccountClientLink() != null) {
            throw Refused.forbidden("A service account has no API keys.");
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
            throw Refused.unauthorized();
        }
        throw Refused.unauthorized();
    }

    /** A lightweight token leaves out what introspection would add. */
    private static AccessToken withRoles(KeycloakSession session, AuthResult caller, ClientModel account) {
        AccessToken token = caller.token();
        if (token.getAudience() != null && token.getResourceAccess(account.getClientId()) != null) {
            return token;
        }
        AccessTokenIntrospectionProvider<?> introspection = (AccessTokenIntrospectionProvider<?>) session.getProvider(
                TokenIntrospectionProvider.class, AccessTokenIntrospectionProviderFactory.ACCESS_TOKEN_TYPE);
        return introspection.transformAccessToken(token, caller.session());
    }
}
