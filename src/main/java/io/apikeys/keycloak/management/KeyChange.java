package io.apikeys.keycloak.management;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.Authority;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.management.NewKey.Expiry;
import io.apikeys.keycloak.restriction.Restrictions;
import java.time.Instant;
import java.util.Optional;

/**
 * The changes that somebody asks for; null leaves a part as it is.
 *
 * @param expiry nothing to leave it; never {@link Expiry.Usual}
 * @param metadata nothing to leave it; an empty object to remove it
 */
public record KeyChange(
        String name,
        Boolean enabled,
        Optional<Expiry> expiry,
        Restrictions restrictions,
        Limits limits,
        Optional<ObjectNode> metadata) {

    /**
     * Returns a key's data with these changes, except for the expiry, which the realm's policy decides about, and the limits, which
     * belong to all keys that are counted together.
     *
     * @param authority of whoever changes the key
     * @throws InvalidKeyException if a holder enables a key that an administrator has disabled
     */
    ApiKeyCredentialData.Builder applyTo(ApiKeyCredentialData data, Authority authority, Instant now)
            throws InvalidKeyException {
        ApiKeyCredentialData.Builder changed = data.toBuilder();
        if (restrictions != null) {
            changed.restrictions(restrictions, now);
        }
        metadata.ifPresent(changed::metadata);
        if (enabled != null) {
            changed.disabledBy(disabledBy(data, authority));
        }
        return changed;
    }

    private Authority disabledBy(ApiKeyCredentialData data, Authority authority) throws InvalidKeyException {
        boolean byAdministrator = data.disabledBy() == Authority.ADMINISTRATOR;
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
