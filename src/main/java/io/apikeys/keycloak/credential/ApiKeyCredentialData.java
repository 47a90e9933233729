package io.apikeys.keycloak.credential;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.restriction.StoredRestrictions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The data of a key other than its secret.
 *
 * @param hint identifies the key to people without revealing it; empty until the key is made
 * @param expiresAt the first instant at which the key is no longer accepted; null for never
 * @param disabledBy the authority that disabled the key; null if it is enabled
 * @param restrictions the restrictions of the key; {@link StoredRestrictions#NONE} if there are none
 * @param restrictedAt when the restrictions were last changed
 * @param replacedAt when a rotation replaced this key, which remains valid for a grace period
 * @param limits how often the key may be used; {@link Limits#NONE} if there are none
 * @param metadata an administrator's data for programs
 * @param others data of a later version of this extension, which does not restrict the key and is kept
 */
public record ApiKeyCredentialData(
        String hint,
        @Nullable Instant expiresAt,
        @Nullable Authority disabledBy,
        StoredRestrictions restrictions,
        @Nullable Instant restrictedAt,
        @Nullable Instant replacedAt,
        Limits limits,
        @Nullable ObjectNode metadata,
        ObjectNode others) {

    /** The data of an unreadable key, which counts as disabled. */
    public static final ApiKeyCredentialData UNREADABLE =
            builder().disabledBy(Authority.ADMINISTRATOR).build();

    public ApiKeyCredentialData {
        metadata = metadata == null || metadata.isEmpty() ? null : metadata;
    }

    /** Returns a copy of the metadata, so that nobody changes what others read; null if there is none. */
    @Override
    public @Nullable ObjectNode metadata() {
        return metadata == null ? null : metadata.deepCopy();
    }

    /** Returns a builder of the data of a new key, which has no restrictions, limits or expiry unless they are set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that has the data of this key. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Returns whether the key is not disabled. */
    public boolean enabled() {
        return disabledBy == null;
    }

    public boolean expired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /**
     * Returns whether the restrictions changed after a token was issued, so that the token may allow more than the key.
     *
     * @param issuedAt in seconds since the epoch, as in tokens; a token issued in the second of the change counts as
     *     issued after it
     */
    public boolean isRestrictedSince(long issuedAt) {
        return restrictedAt != null && issuedAt < restrictedAt.getEpochSecond();
    }

    /** Returns an instant, or the expiry of the key if that is earlier. */
    public Instant earlierEnd(Instant end) {
        return expiresAt == null || end.isBefore(expiresAt) ? end : expiresAt;
    }

    /** Returns a copy whose limits, if they name no line, count for the key with this id alone. */
    ApiKeyCredentialData inLineOf(@Nullable String keyId) {
        return limits.isNone() || limits.line() != null
                ? this
                : toBuilder().limits(limits.countedIn(keyId)).build();
    }

    /** Builds the data of a key; see the components of the record for the meaning of each value. */
    public static final class Builder {

        private String hint = "";
        private @Nullable Instant expiresAt;
        private @Nullable Authority disabledBy;
        private StoredRestrictions restrictions = StoredRestrictions.NONE;
        private @Nullable Instant restrictedAt;
        private @Nullable Instant replacedAt;
        private Limits limits = Limits.NONE;
        private @Nullable ObjectNode metadata;
        private ObjectNode others = JsonNodeFactory.instance.objectNode();

        private Builder() {}

        private Builder(ApiKeyCredentialData data) {
            hint = data.hint;
            expiresAt = data.expiresAt;
            disabledBy = data.disabledBy;
            restrictions = data.restrictions;
            restrictedAt = data.restrictedAt;
            replacedAt = data.replacedAt;
            limits = data.limits;
            metadata = data.metadata;
            others = data.others;
        }

        /** Sets the hint. */
        public Builder hint(String value) {
            hint = value;
            return this;
        }

        /** Sets the expiry; null for never. */
        public Builder expiresAt(@Nullable Instant value) {
            expiresAt = value;
            return this;
        }

        /** Sets who disabled the key; null to enable it. */
        public Builder disabledBy(@Nullable Authority value) {
            disabledBy = value;
            return this;
        }

        /** Sets the restrictions of a new key. */
        public Builder restrictions(StoredRestrictions value) {
            restrictions = value;
            return this;
        }

        /**
         * Changes the restrictions of a key.
         *
         * @param now the time of the change, recorded if the restrictions differ
         */
        public Builder restrictions(StoredRestrictions value, Instant now) {
            return value.equals(restrictions) ? this : restrictions(value).restrictedAt(now);
        }

        /** Sets when the restrictions were last changed; null for never. */
        public Builder restrictedAt(@Nullable Instant value) {
            restrictedAt = value;
            return this;
        }

        /** Sets when another key replaced this one. */
        public Builder replacedAt(@Nullable Instant value) {
            replacedAt = value;
            return this;
        }

        /** Sets the limits. */
        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        /** Sets the metadata; an empty object counts as none. */
        public Builder metadata(@Nullable ObjectNode value) {
            metadata = value;
            return this;
        }

        /** Sets the data of a later version of this extension. */
        Builder others(ObjectNode value) {
            others = value;
            return this;
        }

        /** Returns the data. */
        public ApiKeyCredentialData build() {
            return new ApiKeyCredentialData(
                    hint, expiresAt, disabledBy, restrictions, restrictedAt, replacedAt, limits, metadata, others);
        }
    }
}
