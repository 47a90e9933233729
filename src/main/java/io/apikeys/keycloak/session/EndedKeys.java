package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.KeyRecords;
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
 * Ends the sessions whose key has ended, with back-channel logout. Looks at what is, not at what somebody says has
 * happened, and so do the records of the keys that it brings in step: so it does not matter through which door a key was ended, and looking once too often does no harm.
 */
public final class EndedKeys {

    private static final Logger LOG = Logger.getLogger(EndedKeys.class);

    private EndedKeys() {}

    /**
     * Looks at a user's sessions once the present transaction is committed; not at all if it is rolled back.
     *
     * @param changedElsewhere whether credentials may have been changed by others than this extension, so that the records
     *     of its keys know nothing of it
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

    /** Looks at a user's sessions in a transaction of its own, which outlives a request that is being refused. */
    static void endSessionsNow(KeycloakSession outer, String realmId, String userId) {
        KeycloakModelUtils.runJobInTransaction(
                outer.getKeycloakSessionFactory(),
                outer.getContext(),
                session -> endSessions(session, realmId, userId, each -> {
                    AuthenticationManager.backchannelLogout(session, each, true);
                }));
    }

    /** The same when there is no request, but only time that has passed. */
    public static void endSessionsOutsideOfRequests(KeycloakSessionFactory factory, String realmId, String userId) {
        KeycloakModelUtils.runJobInTransaction(factory, session -> {
            session.getContext().setRealm(session.realms().getRealm(realmId));
            endSessions(session, realmId, userId, each -> logOut(session, each));
        });
    }

    private static void logOut(KeycloakSession session, UserSessionModel each) {
        Optional<HttpRequest> request = KeySession.baseUri(each).map(OpeningRequest::at);
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

    /** After the sessions, and by itself: they must not stay because a record cannot be written. */
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
            LOG.warnf("The records of the API keys of user %s will be looked at later: %s", userId, notNow);
        }
    }

    /** Ends all sessions that a user opened with a key, because user and keys are about to be removed. */
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
