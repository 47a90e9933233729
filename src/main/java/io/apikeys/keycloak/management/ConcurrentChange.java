package io.apikeys.keycloak.management;

import jakarta.persistence.LockTimeoutException;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PessimisticLockException;
import java.sql.SQLException;
import java.util.stream.Stream;

/**
 * Tells that a database refused a change because of another one at the same moment. Keycloak's own pages take no lock
 * before they change credentials, so that this can happen even under ours.
 */
final class ConcurrentChange {

    /** What the SQL standard calls transaction rollback: serialization failures and deadlocks. */
    private static final String ROLLED_BACK = "40";

    /** What the SQL standard calls an integrity constraint violation: somebody has just made the same row. */
    private static final String MADE_ALREADY = "23";

    private static final String LOCK_TIMEOUT = "HYT00";

    private ConcurrentChange() {}

    static boolean isCauseOf(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(ConcurrentChange::tells);
    }

    private static boolean tells(Throwable cause) {
        return cause instanceof OptimisticLockException
                || cause instanceof PessimisticLockException
                || cause instanceof LockTimeoutException
                || (cause instanceof SQLException sql && sql.getSQLState() != null && tells(sql.getSQLState()));
    }

    private static boolean tells(String sqlState) {
        return sqlState.startsWith(ROLLED_BACK) || sqlState.startsWith(MADE_ALREADY) || sqlState.equals(LOCK_TIMEOUT);
    }
}
