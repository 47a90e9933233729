package io.apikeys.keycloak.upkeep;

import org.jboss.logging.Logger;
import org.keycloak.cluster.ClusterProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.timer.ScheduledTask;
import org.keycloak.timer.TaskRunner;

/**
 * Runs a task on one node of a cluster at a time. Keycloak's own runner takes the lock under the bare name of the task's class, so that
 * tasks of two extensions whose classes have the same name would exclude each other.
 *
 * @param seconds how long another node may take before this one no longer waits for it
 */
record ClusterTask(KeycloakSessionFactory factory, ScheduledTask task, int seconds) implements TaskRunner {

    private static final Logger LOG = Logger.getLogger(ClusterTask.class);

    /** Returns the name of the lock and of the timer. */
    @Override
    public String getTaskName() {
        return task.getClass().getName();
    }

    @Override
    public ScheduledTask getTask() {
        return task;
    }

    /** Logs what fails, because a timer runs nothing again that has thrown. */
    @Override
    public void run() {
        try {
            KeycloakModelUtils.runJobInTransaction(factory, this::runUnlessElsewhere);
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "%s failed and will run again", getTaskName());
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
