package io.apikeys.keycloak.usage;

import io.apikeys.keycloak.usage.Allowance.Granted;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.Provider;

/** Counts uses of keys: the way to what this node shares among all of its requests. */
public final class KeyUsage implements Provider {

    private final KeycloakSession session;
    private final KeyLimits limits;
    private final LastUses lastUses;

    KeyUsage(KeycloakSession session, KeyLimits limits, LastUses lastUses) {
        this.session = session;
        this.limits = limits;
        this.lastUses = lastUses;
    }

    /**
     * Counts a use, if the key's limits allow it and unless this request is rolled back, as it is when a door refuses after
     * all.
     *
     * @param resolutionMillis what times of last use are rounded down to
     * @throws org.keycloak.models.ModelException if it cannot be found out whether the limits allow it
     */
    public Allowance use(String keyId, Limits of, String door, long resolutionMillis) {
        Allowance allowance = of.isNone() ? Allowance.UNLIMITED : limits.use(keyId, of);
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
                        limits.unuse(keyId, granted);
                    }
                }
            });
        }
        return allowance;
    }

    @Override
    public void close() {}
}
