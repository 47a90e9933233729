package io.apikeys.keycloak.internals.token;

import io.apikeys.keycloak.session.KeySession;
import java.util.Optional;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.util.DefaultClientSessionContext;

/**
 * Introspection of tokens issued with a key. The roles of a lightweight token are added here, and therefore restricted
 * here; the token of a transient session does not end with a session, so its key is checked here.
 */
record KeyTokenIntrospection(KeycloakSession session) {

    static boolean concerns(AccessToken token, UserSessionModel userSession) {
        return keyId(token, userSession).isPresent();
    }

    private static Optional<String> keyId(AccessToken token, UserSessionModel userSession) {
        return KeySession.keyId(token).or(() -> KeySession.keyId(userSession));
    }

    /**
     * Returns whether a token has no key, or one that is usable and unchanged; otherwise ends the event with an error.
     */
    static boolean keyIsGood(
            KeycloakSession session, AccessToken token, UserSessionModel userSession, EventBuilder event) {
        boolean good = keyId(token, userSession)
                .map(id -> KeySession.usableKey(session, userSession.getRealm(), userSession.getUser(), id)
                                .isPresent()
                        && !KeySession.isOutdated(token, userSession.getUser()))
                .orElse(true);
        if (!good) {
            event.detail(
                            Details.REASON,
                            "The API key of the token has ended, or was restricted after the token was issued")
                    .error(Errors.INVALID_TOKEN);
        }
        return good;
    }

    /** Does the same as {@code AccessTokenIntrospectionProvider.transformAccessToken}, whose token manager is fixed. */
    AccessToken transform(AccessToken token, UserSessionModel userSession) {
        ClientModel client = userSession.getRealm().getClientByClientId(token.getIssuedFor());
        AuthenticatedClientSessionModel clientSession =
                userSession.getAuthenticatedClientSessionByClient(client.getId());
        if (clientSession == null) {
            return token;
        }
        return new KeyTokenManager()
                .transformIntrospectionAccessToken(
                        session,
                        token,
                        withoutMappedClaims(token),
                        userSession,
                        DefaultClientSessionContext.fromClientSessionAndScopeParameter(
                                clientSession, token.getScope(), session));
    }

    /** Returns a copy with only the claims that do not come from mappers ({@code TokenManager.initToken}). */
    private static AccessToken withoutMappedClaims(AccessToken token) {
        AccessToken bare = new AccessToken();
        bare.id(token.getId());
        bare.type(token.getType());
        bare.subject(token.getSubject());
        bare.iat(token.getIat());
        bare.exp(token.getExp());
        bare.issuer(token.getIssuer());
        bare.issuedFor(token.getIssuedFor());
        bare.audience(token.getAudience());
        bare.setNonce(token.getNonce());
        bare.setScope(token.getScope());
        bare.setSessionId(token.getSessionId());
        bare.setConfirmation(token.getConfirmation());
        return bare;
    }
}
