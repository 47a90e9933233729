package io.apikeys.keycloak.mail;

import io.apikeys.keycloak.internals.credential.HolderStorage;
import io.apikeys.keycloak.internals.credential.HolderStorage.UnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.keycloak.email.EmailException;
import org.keycloak.executors.ExecutorsProvider;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * The notices of one request, sent after it has been committed: an e-mail to each holder, in another thread. Neither a
 * slow nor a failing mail server affects the request; a failure is logged.
 */
final class NoticeMails {

    private static final Logger LOG = Logger.getLogger(NoticeMails.class);

    private static final String ATTRIBUTE = NoticeMails.class.getName();

    private final KeycloakSessionFactory factory;
    private final ExecutorService executor;
    private final List<Notice> notices = new ArrayList<>();

    private NoticeMails(KeycloakSession session) {
        factory = session.getKeycloakSessionFactory();
        executor = session.getProvider(ExecutorsProvider.class).getExecutor("api-key-notices");
    }

    /** Returns the notices of a session, which are sent if its transaction is committed. */
    static NoticeMails of(KeycloakSession session) {
        NoticeMails known = session.getAttribute(ATTRIBUTE, NoticeMails.class);
        if (known != null) {
            return known;
        }
        NoticeMails mails = new NoticeMails(session);
        session.setAttribute(ATTRIBUTE, mails);
        session.getTransactionManager().enlistAfterCompletion(new AbstractKeycloakTransaction() {
            @Override
            protected void commitImpl() {
                mails.send(Instant.now());
            }

            @Override
            protected void rollbackImpl() {
                LOG.trace("Rolled back: there is nothing to tell");
            }
        });
        return mails;
    }

    void add(Notice notice) {
        notices.add(notice);
    }

    private void send(Instant time) {
        notices.stream()
                .collect(Collectors.groupingBy(Notice::holderId))
                .values()
                .forEach(ofHolder -> {
                    try {
                        executor.execute(() -> send(ofHolder, time));
                    } catch (RejectedExecutionException overloaded) {
                        LOG.warnf(
                                "User %s is not told of changes to API keys: %s",
                                ofHolder.get(0).holderId(), overloaded);
                    }
                });
    }

    private void send(List<Notice> ofHolder, Instant time) {
        Notice first = ofHolder.get(0);
        try {
            KeycloakModelUtils.runJobInTransaction(factory, session -> {
                RealmModel realm = session.realms().getRealm(first.realmId());
                session.getContext().setRealm(realm);
                if (realm != null) {
                    new HolderStorage(session, realm)
                            .find(first.holderId())
                            .map(holder -> new HolderMail(session, realm, holder))
                            .filter(HolderMail::isPossible)
                            .ifPresent(mail -> send(mail, ofHolder, time));
                }
            });
        } catch (ModelException | IllegalStateException | UnavailableException failed) {
            LOG.warnf("User %s could not be told of changes to API keys: %s", first.holderId(), failed);
        }
    }

    private static void send(HolderMail mail, List<Notice> ofHolder, Instant time) {
        List<Map<String, String>> changes = ofHolder.stream()
                .map(notice -> Map.of(
                        "message",
                        notice.message(),
                        "key",
                        notice.key() == null ? "" : notice.key(),
                        "origin",
                        notice.origin(),
                        "reason",
                        notice.reasonMessage()))
                .toList();
        try {
            mail.send("apiKeyNoticeSubject", "api-key-notice.ftl", Map.of("changes", changes, "time", mail.time(time)));
        } catch (EmailException notSent) {
            LOG.warnf(
                    "User %s could not be told of changes to API keys: %s",
                    mail.holder().getId(), notSent);
        }
    }
}
