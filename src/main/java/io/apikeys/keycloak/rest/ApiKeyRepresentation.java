package io.apikeys.keycloak.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.IssuedKey;
import io.apikeys.keycloak.credential.KeyPolicy;
import io.apikeys.keycloak.credential.Restrictions;
import org.keycloak.models.UserModel;

/**
 * A key as this API shows it.
 *
 * @param hint null if what is stored cannot be read
 * @param createdAt ISO-8601, UTC
 * @param expiresAt ISO-8601, UTC; null for never
 * @param restrictions null for a key that is not narrowed
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
        boolean enabled,
        @JsonInclude(JsonInclude.Include.NON_NULL) Restrictions restrictions,
        @JsonInclude(JsonInclude.Include.NON_NULL) String userId,
        @JsonInclude(JsonInclude.Include.NON_NULL) String username,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        String key) {

    static ApiKeyRepresentation of(ApiKeyCredentialModel key) {
        KeyPolicy policy = key.policy().orElse(new KeyPolicy(null, null, false, Restrictions.NONE));
        return new ApiKeyRepresentation(
                key.getId(),
                key.name(),
                policy.hint(),
                key.createdAt().toString(),
                policy.expiresAt() == null ? null : policy.expiresAt().toString(),
                policy.enabled(),
                policy.restrictions().isNone() ? null : policy.restrictions(),
                null,
                null,
                null);
    }

    ApiKeyRepresentation heldBy(UserModel holder) {
        return new ApiKeyRepresentation(
                id, name, hint, createdAt, expiresAt, enabled, restrictions, holder.getId(), holder.getUsername(), key);
    }

    ApiKeyRepresentation revealing(IssuedKey issued) {
        return new ApiKeyRepresentation(
                id,
                name,
                hint,
                createdAt,
                expiresAt,
                enabled,
                restrictions,
                userId,
                username,
                issued.key().reveal());
    }

    /** Without the raw key, which a record would print. */
    @Override
    public String toString() {
        return "ApiKeyRepresentation[" + id + ", " + hint + "]";
    }
}
