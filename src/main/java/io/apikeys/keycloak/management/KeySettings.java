package io.apikeys.keycloak.management;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.Authority;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.policy.Expiry;
import io.apikeys.keycloak.restriction.StoredRestrictions;
import org.jspecify.annotations.Nullable;

/**
 * The requested settings of a key. A setting that is null has its default in a new key, and stays as it is in a key that is
 * changed.
 *
 * @param name 1 to 100 characters, unique among the holder's keys whatever its case; a new key must have one
 * @param restrictions those that are requested anew have no ids yet
 * @param metadata an empty object for none
 */
public record KeySettings(
        @Nullable String name,
        @Nullable Boolean enabled,
        @Nullable Expiry expiry,
        @Nullable StoredRestrictions restrictions,
        @Nullable Limits limits,
        @Nullable ObjectNode metadata) {

    /** Returns the settings of a new key without restrictions and limits. */
    public static KeySettings of(String name, Expiry expiry) {
        return new KeySettings(name, null, expiry, null, null, null);
    }

    /** Returns a copy with other restrictions. */
    public KeySettings restrictedTo(StoredRestrictions other) {
        return new KeySettings(name, enabled, expiry, other, limits, metadata);
    }

    /** Returns the restrictions of a new key. */
    public StoredRestrictions initialRestrictions() {
        return restrictions == null ? StoredRestrictions.NONE : restrictions;
    }

    /**
     * Returns a key's data with these settings, except for those about which more is to be decided: {@link KeyTerms} settles
     * the restrictions, the limits, and the expiry.
     *
     * @param authority the caller's authority
     * @throws InvalidKeyException if a holder enables a key that an administrator has disabled
     */
    ApiKeyCredentialData.Builder applyTo(ApiKeyCredentialData data, Authority authority) throws InvalidKeyException {
        ApiKeyCredentialData.Builder changed = data.toBuilder();
        if (metadata != null) {
            changed.metadata(metadata);
        }
        if (enabled != null) {
            changed.disabledBy(disabledBy(enabled, data.disabledBy(), authority));
        }
        return changed;
    }

    private static @Nullable Authority disabledBy(boolean enabled, @Nullable Authority current, Authority authority)
            throws InvalidKeyException {
        boolean byAdministrator = current == Authority.ADMINISTRATOR;
        if (enabled && byAdministrator && authority == Authority.HOLDER) {
            throw InvalidKeyException.forbidden(
                    "An administrator has disabled this API key; only an administrator can enable it again.");
        }
        if (enabled) {
            return null;
        }
        return byAdministrator ? Authority.ADMINISTRATOR : authority;
    }
}
