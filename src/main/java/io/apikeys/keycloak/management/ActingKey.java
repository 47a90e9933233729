package io.apikeys.keycloak.management;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.restriction.RestrictionPart;
import io.apikeys.keycloak.restriction.Restrictions;
import java.time.Instant;

/**
 * The key with whose session keys are made and changed: nothing that comes of it may do more, or live longer, than the key
 * itself.
 */
record ActingKey(ApiKeyCredentialData data) {

    /** What a new key is narrowed to: what is asked for, and where nothing is, as the acting key. */
    Restrictions narrowed(Restrictions asked) throws InvalidKeyException {
        Restrictions narrowed = asked.completedBy(data.restrictions());
        RestrictionPart<?> widened = narrowed.partWidenedAgainst(data.restrictions());
        if (widened != null) {
            throw widened.invalid(
                    "The API key that this session was opened with is narrower; a key that it makes cannot be wider.");
        }
        return narrowed;
    }

    /** Refuses to touch a key that may do more than the acting one. */
    void requireWithin(ApiKeyCredentialData other) throws InvalidKeyException {
        if (!isWithin(other)) {
            throw InvalidKeyException.forbidden(
                    "This API key may do more than the one that this session was opened with;"
                            + " sign in another way to change it.");
        }
    }

    private boolean isWithin(ApiKeyCredentialData other) {
        return other.restrictions().partWidenedAgainst(data.restrictions()) == null
                && endsInTime(other.expiresAt())
                && (data.limits().isNone() || data.limits().isCountedWith(other.limits()))
                && (other.metadata() == null || other.metadata().equals(data.metadata()));
    }

    private boolean endsInTime(Instant end) {
        return data.expiresAt() == null || (end != null && !end.isAfter(data.expiresAt()));
    }
}
