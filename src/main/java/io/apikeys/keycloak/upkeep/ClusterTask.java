package io.apikeys.keycloak.upkeep;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.keycloak.cluster.ClusterProvider;
import org.keycloak.executors.ExecutorsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.timer.ScheduledTask;

/**
 * Runs a task in the background, on one node of a cluster at a time. The server's timer has one thread, which also runs
 * Keycloak's own tasks; a mail server or a client that is slow to answer must not keep those waiting. Keycloak's own runner
 * takes the lock under the bare name of the task's class, so that tasks of two extensions whose classes have the same name
 * would exclude each other.
 */
final class ClusterTask implements ScheduledTask {

    private static final Logger LOG = Logger.getLogger(ClusterTask.class);

    private final ScheduledTask task;
    private final int seconds;
    private final AtomicBoolean running = new AtomicBoolean();

    /** @param seconds how long another node may take before this one no longer waits for it */
    ClusterTask(ScheduledTask task, int seconds) {
        this.task = task;
        this.seconds = seconds;
    }

    /** Returns the name of the lock and of the timer. */
    @Override
    public String getTaskName() {
        return task.getClass().getName();
    }

    /** Starts the task, unless this node still runs it. */
    @Override
    public void run(KeycloakSession session) {
        if (!running.compareAndSet(false, true)) {
            LOG.debugf("%s still runs", getTaskName());
            return;
        }
        KeycloakSessionFactory factory = session.getKeycloakSessionFactory();
        try {
            session.getProvider(ExecutorsProvider.class)
                    .getExecutor("api-key-upkeep")
                    .execute(() -> runInBackground(factory));
        } catch (RejectedExecutionException stopping) {
            running.set(false);
            LOG.debugf("%s does not run: %s", getTaskName(), stopping);
        } catch (RuntimeException noExecutor) {
            running.set(false);
            throw noExecutor;
        }
    }

    private void runInBackground(KeycloakSessionFactory factory) {
        try {
            KeycloakModelUtils.runJobInTransaction(factory, this::runUnlessElsewhere);
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "%s failed and will run again", getTaskName());
        } finally {
            running.set(false);
        }
    }

    private void runUnlessElsewhere(KeycloakSession session) {
        boolean ran = session.getProvider(ClusterProvider.class)
                .executeIfNotExecuted(getTaskName(), seconds, () -> {
                    task.run(session);
                    return null;
                })
                .isExecuted();
        LOG.debugf(ran ? "%s ran" : "%s runs on another node", getTaskName());
    }
}
