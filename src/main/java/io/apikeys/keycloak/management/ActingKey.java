package io.apikeys.keycloak.management;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.restriction.RestrictionPart;
import io.apikeys.keycloak.restriction.RestrictionRules;
import io.apikeys.keycloak.restriction.StoredRestrictions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The key that opened the session in which keys are issued and changed. No key of such a session may do more, or live longer,
 * than this one.
 */
record ActingKey(ApiKeyCredentialData data, RestrictionRules rules) {

    /**
     * Checks that the restrictions of a new key allow no more than this key does.
     *
     * @throws InvalidKeyException if they do
     */
    void requireWithin(StoredRestrictions ofNewKey) throws InvalidKeyException {
        RestrictionPart<?> widened = rules.partWidened(ofNewKey, data.restrictions());
        if (widened != null) {
            throw widened.invalid(
                    "The API key that this session was opened with is narrower; a key that it makes cannot be wider.");
        }
    }

    /**
     * Checks that another key may do no more than this one.
     *
     * @throws InvalidKeyException if it may
     */
    void requireWithin(ApiKeyCredentialData other) throws InvalidKeyException {
        if (!isWithin(other)) {
            throw InvalidKeyException.forbidden(
                    "This API key may do more than the one that this session was opened with;"
                            + " sign in another way to change it.");
        }
    }

    private boolean isWithin(ApiKeyCredentialData other) {
        return rules.partWidened(other.restrictions(), data.restrictions()) == null
                && endsInTime(other.expiresAt())
                && (data.limits().isNone() || data.limits().isCountedWith(other.limits()))
                && (other.metadata() == null || other.metadata().equals(data.metadata()));
    }

    private boolean endsInTime(@Nullable Instant end) {
        return data.expiresAt() == null || (end != null && !end.isAfter(data.expiresAt()));
    }
}
