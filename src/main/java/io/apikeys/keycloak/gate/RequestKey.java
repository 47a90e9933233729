package io.apikeys.keycloak.gate;

import io.apikeys.keycloak.holder.FineGrainedPermissions;
import io.apikeys.keycloak.internals.credential.HolderStore;
import io.apikeys.keycloak.internals.request.RequestSessions;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.restriction.roles.AllowedRoles;
import io.apikeys.keycloak.session.KeySession;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.AccessToken;

/**
 * A key that a request acts for, according to its token or its session.
 *
 * @param realm the holder's realm
 * @param holder null if the user does not exist
 * @param sessionId null for the token of a transient session
 * @param token null if the session names the key
 */
record RequestKey(
        KeycloakSession session,
        RealmModel realm,
        @Nullable UserModel holder,
        @Nullable String sessionId,
        String keyId,
        @Nullable AccessToken token) {

    private static final Logger LOG = Logger.getLogger(RequestKey.class);

    /**
     * Returns the key of a token that this server signed; empty for any other token, which no endpoint accepts either.
     *
     * @param text the token as sent
     * @param token its content
     */
    static Optional<RequestKey> of(String text, AccessToken token, KeycloakSession session) {
        RealmModel realm = issuer(token, session).orElse(null);
        // Check the signature before any look-up, because anybody can send unsigned tokens.
        if (realm == null || !isSigned(text, realm, session)) {
            return Optional.empty();
        }
        Optional<UserSessionModel> userSession = userSession(token, realm, session);
        return KeySession.keyId(token)
                .or(() -> userSession.flatMap(KeySession::keyId))
                .map(keyId -> new RequestKey(
                        session,
                        realm,
                        userSession
                                .map(UserSessionModel::getUser)
                                .orElseGet(() -> RequestSessions.userOfStatelessToken(session, realm, token)),
                        token.getSessionId(),
                        keyId,
                        token));
    }

    /** Returns the realm that a token names as its issuer; empty for an issuer that Keycloak would not write. */
    private static Optional<RealmModel> issuer(AccessToken token, KeycloakSession session) {
        if (token.getIssuer() == null) {
            return Optional.empty();
        }
        try {
            String path = new URI(token.getIssuer()).getPath();
            return Optional.ofNullable(path)
                    .filter(written -> written.chars().noneMatch(Character::isISOControl))
                    .map(written -> session.realms().getRealmByName(written.substring(written.lastIndexOf('/') + 1)));
        } catch (URISyntaxException notAnAddress) {
            LOG.trace("The issuer of a token is not an address; no endpoint takes that token");
            return Optional.empty();
        }
    }

    /**
     * Verifies a token in the realm that issued it, which may differ from the realm of the request for an
     * administrator.
     */
    private static boolean isSigned(String text, RealmModel realm, KeycloakSession session) {
        RealmModel ofRequest = session.getContext().getRealm();
        session.getContext().setRealm(realm);
        try {
            return session.tokens().decode(text, AccessToken.class) != null;
        } finally {
            session.getContext().setRealm(ofRequest);
        }
    }

    private static Optional<UserSessionModel> userSession(
            AccessToken token, RealmModel realm, KeycloakSession session) {
        String id = token.getSessionId();
        return id == null
                ? Optional.empty()
                : Optional.ofNullable(session.sessions().getUserSession(realm, id))
                        .or(() -> Optional.ofNullable(session.sessions().getOfflineUserSession(realm, id)));
    }

    /** Returns the key that opened a session; empty if no key did. */
    static Optional<RequestKey> of(UserSessionModel userSession, KeycloakSession session) {
        return KeySession.keyId(userSession)
                .map(keyId -> new RequestKey(
                        session, userSession.getRealm(), userSession.getUser(), userSession.getId(), keyId, null));
    }

    /**
     * Returns the rights of the key.
     *
     * @param administered the realm that the request administers
     */
    KeyRights rights(@Nullable RealmModel administered) {
        return new KeyRights(
                holder == null
                        || KeySession.usableKey(session, realm, holder, keyId).isEmpty()
                        || (token != null && KeySession.isOutdated(token, holder)),
                mayAdminister(administered),
                managesCredentials(),
                RealmPolicy.admittedPaths(realm));
    }

    boolean managesCredentials() {
        return RealmPolicy.keySessionsManageCredentials(realm);
    }

    private boolean mayAdminister(@Nullable RealmModel administered) {
        if (holder == null) {
            return false;
        }
        UserModel stored = HolderStore.stored(holder);
        Optional<AllowedRoles> allowed = HolderKeys.findReadable(stored, keyId)
                .map(key -> AllowedRoles.of(realm, key.restrictions(session, realm)));
        if (allowed.isEmpty()) {
            return false;
        }
        // A fine-grained permission that is granted to the user applies whatever roles the key allows.
        boolean wholly = FineGrainedPermissions.areUsedIn(administered) || FineGrainedPermissions.areUsedIn(realm);
        return wholly
                ? allowed.get().allowsAllAdminRoles(stored)
                : allowed.get().allowsAnyAdminRole(stored);
    }
}
