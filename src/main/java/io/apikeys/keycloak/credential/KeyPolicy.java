package io.apikeys.keycloak.credential;

import java.time.Instant;

/**
 * What is settled about one key, other than its secret.
 *
 * @param hint shows people which key it is without giving it away
 * @param expiresAt the first instant at which the key is no longer accepted; null for never
 * @param enabled false while the key is switched off
 * @param restrictions how the key is narrowed; {@link Restrictions#NONE} if it is not
 */
public record KeyPolicy(String hint, Instant expiresAt, boolean enabled, Restrictions restrictions) {

    public boolean expired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    KeyPolicy withEnabled(boolean changed) {
        return new KeyPolicy(hint, expiresAt, changed, restrictions);
    }

    /** As this, but ending at an instant at the latest. */
    KeyPolicy endingBy(Instant end) {
        Instant sooner = expiresAt == null || end.isBefore(expiresAt) ? end : expiresAt;
        return new KeyPolicy(hint, sooner, enabled, restrictions);
    }

    KeyPolicy withRestrictions(Restrictions changed) {
        return new KeyPolicy(hint, expiresAt, enabled, changed);
    }
}
