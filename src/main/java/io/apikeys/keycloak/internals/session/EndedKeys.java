package io.apikeys.keycloak.internals.session;

import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.session.KeySession;
import jakarta.persistence.PersistenceException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.services.managers.AuthenticationManager;

/**
 * Ends sessions whose key was revoked or disabled, or has expired, with back-channel logout, and reconciles the records
 * of the keys. Both read the current state instead of trusting an event, so it does not matter how a key ended, and an
 * additional run is harmless.
 */
public final class EndedKeys {

    private static final Logger LOG = Logger.getLogger(EndedKeys.class);

    private EndedKeys() {}

    /**
     * Ends, after the current transaction commits, the sessions of a user whose key has ended; does nothing if it is
     * rolled back.
     *
     * @param changedElsewhere whether something other than this extension may have changed credentials, so that the
     *     records of its keys may be outdated
     */
    static void endSessionsAfterCommit(
            KeycloakSession session, String realmId, String userId, boolean changedElsewhere) {
        session.getTransactionManager().enlistAfterCompletion(new AbstractKeycloakTransaction() {
            @Override
            protected void commitImpl() {
                endSessionsNow(session, realmId, userId);
                if (changedElsewhere) {
                    reconcileRecords(session, realmId, userId);
                }
            }

            @Override
            protected void rollbackImpl() {
                LOG.trace("Rolled back: no key has ended");
            }
        });
    }

    /**
     * Ends a user's sessions whose key has ended, in a separate transaction that commits even if the request is
     * refused.
     */
    public static void endSessionsNow(KeycloakSession outer, String realmId, String userId) {
        KeycloakModelUtils.runJobInTransaction(
                outer.getKeycloakSessionFactory(),
                outer.getContext(),
                session -> endSessions(session, realmId, userId, each -> {
                    AuthenticationManager.backchannelLogout(session, each, true);
                }));
    }

    /** Ends a user's sessions whose key has ended, outside of a request. */
    public static void endSessionsOutsideOfRequests(KeycloakSessionFactory factory, String realmId, String userId) {
        KeycloakModelUtils.runJobInTransaction(factory, session -> {
            session.getContext().setRealm(session.realms().getRealm(realmId));
            endSessions(session, realmId, userId, each -> logOut(session, each));
        });
    }

    private static void logOut(KeycloakSession session, UserSessionModel each) {
        Optional<HttpRequest> request = KeySession.baseUri(each).map(OpeningRequest::new);
        if (request.isEmpty()) {
            session.sessions().removeUserSession(each.getRealm(), each);
            return;
        }
        session.getContext().setHttpRequest(request.get());
        AuthenticationManager.backchannelLogout(
                session,
                each.getRealm(),
                each,
                session.getContext().getUri(),
                null,
                request.get().getHttpHeaders(),
                true);
    }

    private static void endSessions(
            KeycloakSession session, String realmId, String userId, Consumer<UserSessionModel> logOut) {
        RealmModel realm = session.realms().getRealm(realmId);
        UserModel user = realm == null ? null : session.users().getUserById(realm, userId);
        if (user != null) {
            endSessions(session, realm, user, each -> KeySession.outlivesItsKey(session, each), logOut);
        }
    }

    /** Reconciles the records in a separate transaction: if that fails, the sessions still end. */
    private static void reconcileRecords(KeycloakSession outer, String realmId, String userId) {
        try {
            KeycloakModelUtils.runJobInTransaction(outer.getKeycloakSessionFactory(), outer.getContext(), session -> {
                RealmModel realm = session.realms().getRealm(realmId);
                UserModel user = realm == null ? null : session.users().getUserById(realm, userId);
                if (user != null) {
                    new KeyRecords(session).reconcile(realm, user);
                }
            });
        } catch (ModelException | PersistenceException notNow) {
            LOG.warnf(
                    "The records of the API keys of user %s could not be reconciled, and will be later: %s",
                    userId, notNow);
        }
    }

    /** Ends all key sessions of a user who is about to be removed together with the keys. */
    static void endAllSessions(KeycloakSession session, RealmModel realm, UserModel user) {
        endSessions(
                session,
                realm,
                user,
                each -> KeySession.keyId(each).isPresent(),
                each -> AuthenticationManager.backchannelLogout(session, each, true));
    }

    private static void endSessions(
            KeycloakSession session,
            RealmModel realm,
            UserModel user,
            Predicate<UserSessionModel> ended,
            Consumer<UserSessionModel> logOut) {
        List<UserSessionModel> sessions = Stream.concat(
                        session.sessions().getUserSessionsStream(realm, user),
                        session.sessions().getOfflineUserSessionsStream(realm, user))
                .filter(ended)
                .toList();
        for (UserSessionModel each : sessions) {
            LOG.debugf(
                    "Ending session %s, whose API key %s has ended",
                    each.getId(), KeySession.keyId(each).orElseThrow());
            logOut.accept(each);
        }
    }
}
