package io.apikeys.keycloak.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.keycloak.models.RealmModel;

/** Logs which realms have a policy that cannot be read: at once, and then at most once an hour. */
final class UnreadablePolicies {

    private static final Logger LOG = Logger.getLogger(UnreadablePolicies.class);
    private static final Duration PAUSE = Duration.ofHours(1);

    /** The last report of each realm, by its id. */
    private static final Map<String, Report> REPORTS = new ConcurrentHashMap<>();

    private UnreadablePolicies() {}

    private record Report(PolicyError error, Instant at) {}

    static void report(RealmModel realm, PolicyError error) {
        Report report = new Report(error, Instant.now());
        Report latest = REPORTS.merge(realm.getId(), report, UnreadablePolicies::latest);
        if (latest.equals(report)) {
            LOG.warnf(
                    "Realm %s: the policy for API keys cannot be read: %s. No API keys are issued, and no expired keys are deleted, until an "
                            + "administrator corrects it under Authentication > Required actions > Create API key",
                    realm.getName(), error.sentence());
        }
    }

    private static Report latest(Report earlier, Report now) {
        return earlier.error().equals(now.error())
                        && now.at().isBefore(earlier.at().plus(PAUSE))
                ? earlier
                : now;
    }
}
