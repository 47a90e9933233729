package io.apikeys.keycloak.verify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The metrics of verifications in Keycloak's {@code /metrics}: their number by realm, door and outcome, and their
 * duration by door. Costs next to nothing if metrics are disabled.
 */
public final class KeyMetrics {

    private static final Map<Labels, Meters> METERS = new ConcurrentHashMap<>();

    private KeyMetrics() {}

    private record Labels(String realm, Door door, String outcome) {

        Meters meters() {
            return new Meters(
                    Counter.builder("keycloak.api.key.verifications")
                            .description("Verifications of API keys")
                            .tags(Tags.of("realm", realm, "door", door.label(), "outcome", outcome))
                            .register(Metrics.globalRegistry),
                    Timer.builder("keycloak.api.key.verification")
                            .description("Time that verifications of API keys took")
                            .tags(Tags.of("door", door.label()))
                            .register(Metrics.globalRegistry));
        }
    }

    private record Meters(Counter verifications, Timer time) {}

    /** Ends this node's series of realms that have been removed or renamed. */
    public static void forgetRemovedRealms(KeycloakSession session) {
        METERS.keySet().stream()
                .filter(labels -> session.realms().getRealmByName(labels.realm()) == null)
                .forEach(KeyMetrics::forget);
    }

    private static void forget(Labels labels) {
        Meters removed = METERS.remove(labels);
        if (removed != null) {
            Metrics.globalRegistry.remove(removed.verifications());
        }
    }

    static void verified(RealmModel realm, Door door, Verification answer, long nanos) {
        Meters meters = METERS.computeIfAbsent(new Labels(realm.getName(), door, answer.label()), Labels::meters);
        meters.verifications().increment();
        meters.time().record(nanos, TimeUnit.NANOSECONDS);
    }
}
