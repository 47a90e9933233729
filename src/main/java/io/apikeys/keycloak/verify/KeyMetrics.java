package io.apikeys.keycloak.verify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.keycloak.models.RealmModel;

/**
 * What Keycloak's {@code /metrics} say about verifications: how many by realm, door and outcome, and how long they took by
 * door. Costs next to nothing where metrics are off.
 */
final class KeyMetrics {

    private static final Map<Labels, Meters> METERS = new ConcurrentHashMap<>();

    private KeyMetrics() {}

    private record Labels(String realm, Door door, Class<? extends Verification> outcome) {

        Meters meters() {
            return new Meters(
                    Counter.builder("keycloak.api.key.verifications")
                            .description("Verifications of API keys")
                            .tags(Tags.of("realm", realm, "door", door.label(), "outcome", outcomeLabel()))
                            .register(Metrics.globalRegistry),
                    Timer.builder("keycloak.api.key.verification")
                            .description("Time that verifications of API keys took")
                            .tags(Tags.of("door", door.label()))
                            .register(Metrics.globalRegistry));
        }

        /** {@code RateLimited} as {@code rate_limited}. */
        private String outcomeLabel() {
            return outcome.getSimpleName()
                    .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                    .toLowerCase(Locale.ROOT);
        }
    }

    private record Meters(Counter verifications, Timer time) {}

    static void verified(RealmModel realm, Door door, Verification answer, long nanos) {
        Meters meters = METERS.computeIfAbsent(new Labels(realm.getName(), door, answer.getClass()), Labels::meters);
        meters.verifications().increment();
        meters.time().record(nanos, TimeUnit.NANOSECONDS);
    }
}
