package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.internals.credential.HolderStore;
import io.apikeys.keycloak.internals.request.RequestSessions;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.restriction.HolderOrganizations;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.restriction.roles.AllowedRoles;
import io.apikeys.keycloak.verify.KeyEvents;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.UserSessionModel.SessionPersistenceState;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.JsonWebToken;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.util.TokenUtil;

/**
 * A user session that was opened with a key, whose id is in a session note and in every access token. Keycloak does not
 * store transient sessions; it creates a new one for each use of their tokens, and then only the token names the key.
 */
public final class KeySession {

    /** The user session note, and the claim of access tokens, with the credential id of the key. */
    public static final String KEY_ID = KeyEvents.KEY_ID;

    private static final String BASE_URI = "api_key_base_uri";

    /** The note of a transient session with the id of the client for whose token it was created. */
    private static final String TOKEN_CLIENT = "api_key_token_client";

    /** The key id of a transient session whose token is outdated. No key has this id, so it counts as ended. */
    private static final String NO_KEY = "none";

    private static final Set<String> REFRESH_TOKENS =
            Set.of(TokenUtil.TOKEN_TYPE_REFRESH, TokenUtil.TOKEN_TYPE_OFFLINE);

    private static final Logger LOG = Logger.getLogger(KeySession.class);

    private KeySession() {}

    /**
     * Notes the key in the session that a login opens or continues, and in the client's session. If the session had
     * another key, its client sessions are restarted, so that tokens and codes of the earlier key never become tokens
     * of this one.
     */
    public static void open(KeycloakSession keycloak, AuthenticationSessionModel login, String keyId) {
        RequestSessions.continuedBy(keycloak, login)
                .filter(session -> keyId(session).filter(keyId::equals).isEmpty())
                .ifPresent(KeySession::restartClients);
        login.setClientNote(KEY_ID, keyId);
        notes(keycloak, keyId).forEach(login::setUserSessionNote);
    }

    private static void restartClients(UserSessionModel session) {
        Optional<String> earlier = keyId(session);
        session.getAuthenticatedClientSessions().values().forEach(client -> {
            client.restartClientSession();
            earlier.ifPresent(keyId -> client.setNote(KEY_ID, keyId));
        });
    }

    /**
     * Returns whether a client signed in to a key session with a key other than the session's current one; it must sign
     * in again before it gets anything.
     */
    public static boolean isOfAnotherKey(AuthenticatedClientSessionModel client, String keyId) {
        String signedInOn = client.getNote(KEY_ID);
        return signedInOn != null && !signedInOn.equals(keyId);
    }

    /** Notes the key in an open session. */
    public static void open(KeycloakSession keycloak, UserSessionModel session, String keyId) {
        notes(keycloak, keyId).forEach(session::setNote);
    }

    /** Copies the key of a session to a session that was opened on its behalf. */
    public static void inherit(UserSessionModel from, UserSessionModel opened) {
        List.of(KEY_ID, BASE_URI, TOKEN_CLIENT).forEach(note -> {
            if (from.getNote(note) != null) {
                opened.setNote(note, from.getNote(note));
            }
        });
    }

    /** Notes, in a transient session, the key with which its token was issued, and the client to which. */
    public static void inherit(AccessToken token, UserSessionModel opened) {
        keyId(token).ifPresent(id -> opened.setNote(KEY_ID, isOutdated(token, opened.getUser()) ? NO_KEY : id));
        if (token.getIssuedFor() != null) {
            opened.setNote(TOKEN_CLIENT, token.getIssuedFor());
        }
    }

    /**
     * Returns whether the restrictions of a token's key changed after the token was issued, so that the token may allow
     * more than the key. False for refresh tokens, because the tokens issued for them have the key's current
     * restrictions.
     */
    public static boolean isOutdated(JsonWebToken token, UserModel holder) {
        return token.getIat() != null
                && !REFRESH_TOKENS.contains(token.getType())
                && keyId(token)
                        .flatMap(id -> HolderKeys.findReadable(holder, id))
                        .filter(key -> key.data().isRestrictedSince(token.getIat()))
                        .isPresent();
    }

    /** Returns the id of the client to which the token of a transient session was issued; empty for other sessions. */
    public static Optional<String> tokenClient(UserSessionModel session) {
        return Optional.ofNullable(session.getNote(TOKEN_CLIENT));
    }

    private static Map<String, String> notes(KeycloakSession keycloak, String keyId) {
        return Map.of(
                KEY_ID,
                keyId,
                BASE_URI,
                keycloak.getContext().getUri().getBaseUri().toString());
    }

    /** Returns the address at which this server was reached when a key opened the session; empty if no key did. */
    public static Optional<URI> baseUri(UserSessionModel session) {
        return Optional.ofNullable(session.getNote(BASE_URI)).map(URI::create);
    }

    /**
     * Returns the id of the key of a login, or else of the session that the login continues; empty if neither has a
     * key.
     */
    public static Optional<String> keyId(KeycloakSession keycloak, AuthenticationSessionModel login) {
        return Optional.ofNullable(login.getUserSessionNotes().get(KEY_ID))
                .or(() -> RequestSessions.continuedBy(keycloak, login).flatMap(KeySession::keyId));
    }

    /**
     * Returns whether a session opened with this key may issue and change keys, within the key's own rights: the
     * realm's policy must say so, and the key must allow the role that any session needs for it.
     */
    public static boolean mayManageKeys(KeycloakSession keycloak, RealmModel realm, UserModel holder, String keyId) {
        return RealmPolicy.of(realm).keySessionsManageKeys()
                && HolderKeys.findReadable(holder, keyId)
                        .filter(key -> managesAccount(realm, key.restrictions(keycloak, realm)))
                        .isPresent();
    }

    private static boolean managesAccount(RealmModel realm, Restrictions restrictions) {
        return AllowedRoles.manageAccount(realm)
                .filter(AllowedRoles.of(realm, restrictions))
                .isPresent();
    }

    /** Returns the id of the key that opened a stored session; empty if no key did. */
    public static Optional<String> keyId(UserSessionModel session) {
        return Optional.ofNullable(session.getNote(KEY_ID));
    }

    /** Returns whether a key opened a stored session. */
    public static boolean isOfKey(UserSessionModel session) {
        return session.getNote(KEY_ID) != null;
    }

    /** Returns whether a token was issued with a key. */
    public static boolean isOfKey(JsonWebToken token) {
        return token.getOtherClaims().get(KEY_ID) != null;
    }

    /**
     * Returns the id of the key of a session, which may have been created for this request's token; empty if it has
     * none.
     */
    public static Optional<String> keyId(KeycloakSession keycloak, UserSessionModel session) {
        Optional<String> noted = keyId(session);
        return noted.isEmpty()
                        && session.getPersistenceState() == SessionPersistenceState.TRANSIENT
                        && keycloak.getContext().getBearerToken() instanceof JsonWebToken token
                ? keyId(token)
                : noted;
    }

    /** Returns the id of the key of a token; empty if there is none. */
    public static Optional<String> keyId(JsonWebToken token) {
        return Optional.ofNullable(token.getOtherClaims().get(KEY_ID)).map(Object::toString);
    }

    /**
     * Returns whether a token claims to be issued with a key, without checking its signature. Most tokens need no
     * parsing, because Keycloak writes the names of claims without escapes.
     */
    public static boolean saysOfKey(String token) {
        int claims = token.indexOf('.') + 1;
        int signature = token.indexOf('.', claims);
        if (claims == 0 || signature < 0) {
            return false;
        }
        try {
            byte[] json = Base64.getUrlDecoder().decode(token.substring(claims, signature));
            return new String(json, StandardCharsets.ISO_8859_1).contains(KEY_ID)
                    && unverified(token).filter(KeySession::isOfKey).isPresent();
        } catch (IllegalArgumentException notBase64) {
            LOG.trace("Not a token; Keycloak will refuse it");
            return false;
        }
    }

    /** Returns the content of a token without checking its signature; empty if it is no JWT. */
    public static Optional<AccessToken> unverified(String token) {
        try {
            return Optional.of(new JWSInput(token).readJsonContent(AccessToken.class));
        } catch (JWSInputException notAToken) {
            LOG.trace("Not a token; the endpoint that receives it decides how to answer");
            return Optional.empty();
        }
    }

    /** Returns the key that opened a session; empty if no key did, or the key is revoked. */
    public static Optional<ReadableKey> key(KeycloakSession keycloak, UserSessionModel session) {
        return keyId(keycloak, session).flatMap(id -> HolderKeys.findReadable(session.getUser(), id));
    }

    /** Returns whether the key of a session is revoked, disabled or expired, so that the session must end. */
    public static boolean outlivesItsKey(KeycloakSession keycloak, UserSessionModel session) {
        return keyId(keycloak, session)
                .filter(id -> livingKey(keycloak, session.getRealm(), session.getUser(), id)
                        .isEmpty())
                .isPresent();
    }

    /**
     * Returns the key with this id if the realm has keys enabled, this user holds the key, it has not ended, and the
     * holder is in its organization. Sessions and tokens do not end when a realm disables its keys, or when the client
     * is disabled whose service account holds the key; they are valid again afterwards.
     *
     * @param realm the holder's realm
     */
    public static Optional<ReadableKey> usableKey(
            KeycloakSession keycloak, RealmModel realm, UserModel holder, String keyId) {
        return RealmPolicy.enabled(realm) && HolderStore.hasNoDisabledClient(realm, holder)
                ? livingKey(keycloak, realm, holder, keyId)
                : Optional.empty();
    }

    private static Optional<ReadableKey> livingKey(
            KeycloakSession keycloak, RealmModel realm, UserModel holder, String keyId) {
        Instant now = Instant.now();
        return HolderKeys.findReadable(holder, keyId)
                .filter(key -> key.isUsable(now))
                .filter(key -> new HolderOrganizations(keycloak, holder).allow(key.restrictions(keycloak, realm)));
    }
}
