package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderKeys;
import io.apikeys.keycloak.verify.AllowedRoles;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;
import org.keycloak.common.util.Encode;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.representations.AccessToken;

/**
 * A token that somebody uses and that was issued on a key. Not verified: made for those who only ever refuse, before the
 * API behind refuses what is forged.
 *
 * @param holder null if there is no such user
 * @param sessionId null for the token of a transient session
 */
record KeyToken(KeycloakSession session, RealmModel realm, UserModel holder, String sessionId, String keyId) {

    /** The token of a request, if it was issued on a key. */
    static Optional<KeyToken> in(ContainerRequestContext request, KeycloakSession session) {
        return accessToken(request).flatMap(token -> of(token, session));
    }

    /** From {@code Authorization}, whichever its scheme: the APIs behind take {@code Bearer} and {@code DPoP}. */
    private static Optional<AccessToken> accessToken(ContainerRequestContext request) {
        List<String> headers = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
        return (headers == null ? List.<String>of() : headers)
                .stream()
                        .map(String::strip)
                        .map(header -> header.substring(header.lastIndexOf(' ') + 1))
                        .flatMap(token -> KeySession.unverified(token).stream())
                        .findFirst();
    }

    private static Optional<KeyToken> of(AccessToken token, KeycloakSession session) {
        if (token.getIssuer() == null) {
            return Optional.empty();
        }
        String realmName =
                Encode.decodePath(token.getIssuer().substring(token.getIssuer().lastIndexOf('/') + 1));
        RealmModel realm = session.realms().getRealmByName(realmName);
        if (realm == null) {
            return Optional.empty();
        }
        Optional<UserSessionModel> userSession = userSession(token, realm, session);
        UserModel holder = userSession
                .map(UserSessionModel::getUser)
                .orElseGet(() -> TokenManager.lookupUserFromStatelessToken(session, realm, token));
        return KeySession.keyId(token)
                .or(() -> userSession.flatMap(KeySession::keyId))
                .map(keyId -> new KeyToken(session, realm, holder, token.getSessionId(), keyId));
    }

    private static Optional<UserSessionModel> userSession(
            AccessToken token, RealmModel realm, KeycloakSession session) {
        String id = token.getSessionId();
        return id == null
                ? Optional.empty()
                : Optional.ofNullable(session.sessions().getUserSession(realm, id))
                        .or(() -> Optional.ofNullable(session.sessions().getOfflineUserSession(realm, id)));
    }

    boolean hasEnded() {
        return holder == null || KeySession.usableKey(session, holder, keyId).isEmpty();
    }

    boolean mayAdminister() {
        return key().flatMap(ApiKeyCredentialModel::policy)
                .filter(policy -> AllowedRoles.of(realm, policy.restrictions()).mayAdminister(holder))
                .isPresent();
    }

    private Optional<ApiKeyCredentialModel> key() {
        return holder == null ? Optional.empty() : HolderKeys.find(holder, keyId);
    }
}
