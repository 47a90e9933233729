package io.apikeys.keycloak.session;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.services.managers.AuthenticationManager;

/**
 * Ends the sessions whose key has ended, with back-channel logout. Looks at what is, not at what somebody says has
 * happened: so it does not matter through which door a key was ended, and looking once too often does no harm.
 */
final class EndedKeys {

    private static final Logger LOG = Logger.getLogger(EndedKeys.class);

    private EndedKeys() {}

    /** Looks at a user's sessions once the present transaction is committed; not at all if it is rolled back. */
    static void endSessionsAfterCommit(KeycloakSession session, String realmId, String userId) {
        session.getTransactionManager().enlistAfterCompletion(new AbstractKeycloakTransaction() {
            @Override
            protected void commitImpl() {
                endSessionsNow(session, realmId, userId);
            }

            @Override
            protected void rollbackImpl() {
                LOG.trace("Rolled back: no key has ended");
            }
        });
    }

    /** Looks at a user's sessions in a transaction of its own, which outlives a request that is being refused. */
    static void endSessionsNow(KeycloakSession outer, String realmId, String userId) {
        KeycloakModelUtils.runJobInTransaction(outer.getKeycloakSessionFactory(), outer.getContext(), session -> {
            RealmModel realm = session.realms().getRealm(realmId);
            UserModel user = realm == null ? null : session.users().getUserById(realm, userId);
            if (user != null) {
                endSessions(session, realm, user, each -> KeySession.outlivesItsKey(session, each));
            }
        });
    }

    /** Ends all sessions that a user opened with a key, because user and keys are about to be removed. */
    static void endAllSessions(KeycloakSession session, RealmModel realm, UserModel user) {
        endSessions(session, realm, user, each -> KeySession.keyId(each).isPresent());
    }

    private static void endSessions(
            KeycloakSession session, RealmModel realm, UserModel user, Predicate<UserSessionModel> ended) {
        List<UserSessionModel> sessions = Stream.concat(
                        session.sessions().getUserSessionsStream(realm, user),
                        session.sessions().getOfflineUserSessionsStream(realm, user))
                .filter(ended)
                .toList();
        for (UserSessionModel each : sessions) {
            LOG.debugf(
                    "Ending session %s, whose API key %s has ended",
                    each.getId(), KeySession.keyId(each).orElseThrow());
            AuthenticationManager.backchannelLogout(session, each, true);
        }
    }
}
