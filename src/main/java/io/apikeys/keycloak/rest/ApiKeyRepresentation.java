package io.apikeys.keycloak.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.IssuedKey;
import io.apikeys.keycloak.credential.KeyPolicy;
import io.apikeys.keycloak.credential.Restrictions;
import io.apikeys.keycloak.usage.KeyRecord;
import io.apikeys.keycloak.usage.Limits;
import io.apikeys.keycloak.usage.Limits.Quota;
import io.apikeys.keycloak.usage.Limits.RateLimit;
import java.time.Instant;

/**
 * A key as this API shows it. All times are ISO-8601, UTC.
 *
 * @param hint null if what is stored cannot be read
 * @param expiresAt null for never
 * @param lastUsedAt null for a key that has not been used, as far as is written yet
 * @param restrictions null for a key that is not narrowed
 * @param limits null for a key that may be used without end
 * @param userId only in answers to administrators
 * @param username only in answers to administrators
 * @param key the raw key; only in the answer that creates it
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record ApiKeyRepresentation(
        String id,
        String name,
        String hint,
        String createdAt,
        String expiresAt,
        String lastUsedAt,
        String lastUsedAddress,
        boolean enabled,
        @JsonInclude(JsonInclude.Include.NON_NULL) Restrictions restrictions,
        @JsonInclude(JsonInclude.Include.NON_NULL) ShownLimits limits,
        @JsonInclude(JsonInclude.Include.NON_NULL) ObjectNode metadata,
        @JsonInclude(JsonInclude.Include.NON_NULL) String userId,
        @JsonInclude(JsonInclude.Include.NON_NULL) String username,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        String key) {

    /** @param quota with what remains now */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ShownLimits(RateLimit rateLimit, Quota quota) {

        static ShownLimits of(Limits limits, Long quotaLeft) {
            Quota quota = limits.quota();
            return new ShownLimits(
                    limits.rateLimit(),
                    quota == null || quotaLeft == null
                            ? quota
                            : new Quota(quotaLeft, quota.refillAmount(), quota.refillIntervalSeconds()));
        }
    }

    /**
     * @param use null if nothing is known of it
     * @param quotaLeft null if none of the quota has been used
     */
    static ApiKeyRepresentation of(ApiKeyCredentialModel key, KeyRecord use, Long quotaLeft) {
        KeyPolicy policy = key.policy().orElse(new KeyPolicy(null, null, false, Restrictions.NONE, Limits.NONE, null));
        return new ApiKeyRepresentation(
                key.getId(),
                key.name(),
                policy.hint(),
                key.createdAt().toString(),
                policy.expiresAt() == null ? null : policy.expiresAt().toString(),
                use == null || use.getLastUsedAt() == null
                        ? null
                        : Instant.ofEpochMilli(use.getLastUsedAt()).toString(),
                use == null ? null : use.getLastUsedAddress(),
                policy.enabled(),
                policy.restrictions().isNone() ? null : policy.restrictions(),
                policy.limits().isNone() ? null : ShownLimits.of(policy.limits(), quotaLeft),
                policy.metadata(),
                null,
                null,
                null);
    }

    ApiKeyRepresentation heldBy(String holderId, String holderName) {
        return with(holderId, holderName, key);
    }

    ApiKeyRepresentation revealing(IssuedKey issued) {
        return with(userId, username, issued.key().reveal());
    }

    private ApiKeyRepresentation with(String holderId, String holderName, String rawKey) {
        return new ApiKeyRepresentation(
                id,
                name,
                hint,
                createdAt,
                expiresAt,
                lastUsedAt,
                lastUsedAddress,
                enabled,
                restrictions,
                limits,
                metadata,
                holderId,
                holderName,
                rawKey);
    }

    /** Without the raw key, which a record would print. */
    @Override
    public String toString() {
        return "ApiKeyRepresentation[" + id + ", " + hint + "]";
    }
}
