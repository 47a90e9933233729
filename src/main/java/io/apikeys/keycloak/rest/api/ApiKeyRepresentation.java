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
import io.apikeys.keycloak.restriction.ShownRestrictions;
import io.apikeys.keycloak.usage.KeyRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key as this API represents it. All times are ISO-8601, in UTC.
 *
 * @param hint null if the stored key cannot be read
 * @param expiresAt null for never
 * @param lastUsedAt null if no use of the key has been recorded yet
 * @param lastUsedDoor how the key was last used
 * @param useCount how often the key was used, as far as it has been recorded
 * @param disabledBy the authority that disabled the key; null if the key is enabled, or cannot be read
 * @param missing what the restrictions name but no longer exists, such as {@code realmRoles.reader}
 * @param userId in answers to administrators
 * @param username in answers to administrators
 * @param key the raw key; null except in the answer to the request that issued it
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ApiKeyRepresentation(
        String id,
        @Nullable String name,
        @Nullable String hint,
        String createdAt,
        @Nullable String expiresAt,
        @Nullable String lastUsedAt,
        @Nullable String lastUsedAddress,
        @Nullable String lastUsedDoor,
        long useCount,
        boolean enabled,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Authority disabledBy,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Restrictions restrictions,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> missing,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ShownLimits limits,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ObjectNode metadata,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String userId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String username,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty(access = JsonProperty.Access.READ_ONLY) @Nullable
        String key) {

    /**
     * Limits as this API represents them.
     *
     * @param quota the quota with the uses that are left now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ShownLimits(
            @Nullable RateLimit rateLimit, @Nullable Quota quota) {

        static ShownLimits of(Limits limits, @Nullable Long quotaLeft) {
            Quota quota = limits.quota();
            return new ShownLimits(
                    limits.rateLimit(),
                    quota == null || quotaLeft == null
                            ? quota
                            : new Quota(quotaLeft, quota.refillAmount(), quota.refillIntervalSeconds()));
        }
    }

    /**
     * Returns the representation of a key.
     *
     * @param restrictions of the key
     * @param use null if no use has been recorded
     * @param quotaLeft null if none of the quota has been used
     */
    public static ApiKeyRepresentation of(
            ApiKeyCredentialModel key,
            ShownRestrictions restrictions,
            @Nullable KeyRecord use,
            @Nullable Long quotaLeft) {
        ApiKeyCredentialData data = key.data().orElse(ApiKeyCredentialData.UNREADABLE);
        return new ApiKeyRepresentation(
                key.getId(),
                key.name(),
                key.data().map(ApiKeyCredentialData::hint).orElse(null),
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
                restrictions.restrictions().isNone() ? null : restrictions.restrictions(),
                restrictions.missing().isEmpty() ? null : restrictions.missing(),
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

    private ApiKeyRepresentation with(@Nullable String holderId, @Nullable String holderName, @Nullable String rawKey) {
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
                missing,
                limits,
                metadata,
                holderId,
                holderName,
                rawKey);
    }

    /** Returns a text that does not contain the raw key. */
    @Override
    public String toString() {
        return "ApiKeyRepresentation[" + id + ", " + hint + "]";
    }
}
