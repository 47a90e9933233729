package io.apikeys.keycloak.credential;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.usage.Limits;
import java.time.Instant;

/**
 * What is settled about one key, other than its secret.
 *
 * @param hint shows people which key it is without giving it away
 * @param expiresAt the first instant at which the key is no longer accepted; null for never
 * @param enabled false while the key is switched off
 * @param restrictions how the key is narrowed; {@link Restrictions#NONE} if it is not
 * @param limits how often it may be used; {@link Limits#NONE} if there are none
 * @param metadata what an administrator has noted for programs; null for nothing
 */
public record KeyPolicy(
        String hint,
        Instant expiresAt,
        boolean enabled,
        Restrictions restrictions,
        Limits limits,
        ObjectNode metadata) {

    public KeyPolicy {
        metadata = metadata == null || metadata.isEmpty() ? null : metadata;
    }

    public boolean expired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /** As this, but ending at an instant at the latest. */
    KeyPolicy endingBy(Instant end) {
        return endingAt(expiresAt == null || end.isBefore(expiresAt) ? end : expiresAt);
    }

    /** As this, but ending at an instant; null for never. */
    KeyPolicy endingAt(Instant end) {
        return new KeyPolicy(hint, end, enabled, restrictions, limits, metadata);
    }

    KeyPolicy withHint(String ofKey) {
        return new KeyPolicy(ofKey, expiresAt, enabled, restrictions, limits, metadata);
    }

    /** As this, with what is to be changed. */
    KeyPolicy changedBy(KeyChange change) {
        return new KeyPolicy(
                hint,
                expiresAt,
                change.enabled() == null ? enabled : change.enabled(),
                change.restrictions() == null ? restrictions : change.restrictions(),
                change.limits() == null ? limits : change.limits(),
                change.metadata().orElse(metadata));
    }
}
