package io.apikeys.keycloak.token;

import io.apikeys.keycloak.session.KeySession;
import io.apikeys.keycloak.session.KeyTokenManager;
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
 * Introspection of tokens that were issued on a key. A lightweight one gets its roles only here, so they have to be narrowed
 * here; and one of a transient session does not end with its session.
 */
record KeyTokenIntrospection(KeycloakSession session) {

    static boolean concerns(AccessToken token, UserSessionModel userSession) {
        return keyId(token, userSession).isPresent();
    }

    private static Optional<String> keyId(AccessToken token, UserSessionModel userSession) {
        return KeySession.keyId(token).or(() -> KeySession.keyId(userSession));
    }

    /** Whether there is no key behind a token, or one that has not ended; otherwise says so in the event. */
    static boolean keyIsGood(
            KeycloakSession session, AccessToken token, UserSessionModel userSession, EventBuilder event) {
        boolean good = keyId(token, userSession)
                .map(id ->
                        KeySession.usableKey(session, userSession.getUser(), id).isPresent())
                .orElse(true);
        if (!good) {
            event.detail(Details.REASON, "The API key behind the token has ended")
                    .error(Errors.INVALID_TOKEN);
        }
        return good;
    }

    /** As {@code AccessTokenIntrospectionProvider.transformAccessToken}, which has its token manager fixed. */
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

    /** What does not come from mappers ({@code TokenManager.initToken}). */
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
