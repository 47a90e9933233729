package io.apikeys.keycloak.rest.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.Authority;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.limit.Limits.Quota;
import io.apikeys.keycloak.limit.Limits.RateLimit;
import io.apikeys.keycloak.management.IssuedKey;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.usage.KeyRecord;
import java.time.Instant;

/**
 * A key as this API shows it. All times are ISO-8601, UTC.
 *
 * @param hint null if what is stored cannot be read
 * @param expiresAt null for never
 * @param lastUsedAt null for a key that has not been used, as far as is written yet
 * @param lastUsedDoor the way in which it was last used; null as {@code lastUsedAt}
 * @param useCount how often it has been used, as far as is written yet
 * @param disabledBy on whose authority the key is switched off; null while it is not, or if that cannot be read
 * @param restrictions null for a key that is not narrowed
 * @param limits null for a key that may be used without end
 * @param userId only in answers to administrators
 * @param username only in answers to administrators
 * @param key the raw key; only in the answer that creates it
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ApiKeyRepresentation(
        String id,
        String name,
        String hint,
        String createdAt,
        String expiresAt,
        String lastUsedAt,
        String lastUsedAddress,
        String lastUsedDoor,
        long useCount,
        boolean enabled,
        @JsonInclude(JsonInclude.Include.NON_NULL) Authority disabledBy,
        @JsonInclude(JsonInclude.Include.NON_NULL) Restrictions restrictions,
        @JsonInclude(JsonInclude.Include.NON_NULL) ShownLimits limits,
        @JsonInclude(JsonInclude.Include.NON_NULL) ObjectNode metadata,
        @JsonInclude(JsonInclude.Include.NON_NULL) String userId,
        @JsonInclude(JsonInclude.Include.NON_NULL) String username,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        String key) {

    /**
     * Limits as they are shown.
     *
     * @param quota with what remains now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ShownLimits(RateLimit rateLimit, Quota quota) {

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
     * Returns a key as it is shown.
     *
     * @param use null if nothing is known of it
     * @param quotaLeft null if none of the quota has been used
     */
    public static ApiKeyRepresentation of(ApiKeyCredentialModel key, KeyRecord use, Long quotaLeft) {
        ApiKeyCredentialData data = key.data().orElse(ApiKeyCredentialData.UNREADABLE);
        return new ApiKeyRepresentation(
                key.getId(),
                key.name(),
                data.hint(),
                key.createdAt().toString(),
                data.expiresAt() == null ? null : data.expiresAt().toString(),
                use == null || use.getLastUsedAt() == null
                        ? null
                        : Instant.ofEpochMilli(use.getLastUsedAt()).toString(),
                use == null ? null : use.getLastUsedAddress(),
                use == null ? null : use.getLastUsedDoor(),
                use == null ? 0 : use.getUseCount(),
                data.enabled(),
                key.data().map(ApiKeyCredentialData::disabledBy).orElse(null),
                data.restrictions().isNone() ? null : data.restrictions(),
                data.limits().isNone() ? null : ShownLimits.of(data.limits(), quotaLeft),
                data.metadata(),
                null,
                null,
                null);
    }

    public ApiKeyRepresentation heldBy(String holderId, String holderName) {
        return with(holderId, holderName, key);
    }

    public ApiKeyRepresentation revealing(IssuedKey issued) {
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
                lastUsedDoor,
                useCount,
                enabled,
                disabledBy,
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
