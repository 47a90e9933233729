package io.apikeys.keycloak.usage;

import io.apikeys.keycloak.limit.Allowance;
import io.apikeys.keycloak.limit.Allowance.Granted;
import io.apikeys.keycloak.limit.KeyLimits;
import io.apikeys.keycloak.limit.Limits;
import java.time.Duration;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.Provider;

/** Counts uses of keys in the state that all requests of this node share. */
public final class KeyUsage implements Provider {

    private final KeycloakSession session;
    private final KeyLimits limits;
    private final LastUses lastUses;

    private final Duration holderMaxAge;

    KeyUsage(KeycloakSession session, KeyLimits limits, LastUses lastUses, Duration holderMaxAge) {
        this.holderMaxAge = holderMaxAge;
        this.session = session;
        this.limits = limits;
        this.lastUses = lastUses;
    }

    /**
     * Counts a use if the key's limits allow it. The use is taken back if this request is rolled back, as when a door
     * refuses the key later.
     *
     * @param resolutionMillis the resolution to which times of last use are rounded down
     * @throws org.keycloak.models.ModelException if the limits cannot be checked
     */
    public Allowance use(String keyId, Limits of, String door, long resolutionMillis) {
        Allowance allowance = of.isNone() ? Allowance.UNLIMITED : limits.use(of.knownLine(), of);
        if (!(allowance instanceof Allowance.Exhausted)) {
            long now = System.currentTimeMillis();
            String address = session.getContext().getConnection().getRemoteAddr();
            session.getTransactionManager().enlistAfterCompletion(new AbstractKeycloakTransaction() {
                @Override
                protected void commitImpl() {
                    lastUses.add(keyId, now - now % resolutionMillis, address, door);
                }

                @Override
                protected void rollbackImpl() {
                    if (allowance instanceof Granted granted) {
                        limits.unuse(of.knownLine(), granted);
                    }
                }
            });
        }
        return allowance;
    }

    /** Returns how long ago a user storage may have been asked about the holder of a key that is used. */
    public Duration holderMaxAge() {
        return holderMaxAge;
    }

    @Override
    public void close() {}
}
