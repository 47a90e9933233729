package io.apikeys.keycloak.credential;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.restriction.Restrictions;
import java.time.Instant;

/**
 * The data of a key other than its secret.
 *
 * @param hint identifies the key to people without revealing it
 * @param expiresAt the first instant at which the key is no longer accepted; null for never
 * @param disabledBy the authority that disabled the key; null if it is enabled
 * @param restrictions the restrictions of the key; {@link Restrictions#NONE} if there are none
 * @param restrictedAt when the restrictions were last changed; null if they never were
 * @param replacedAt when a rotation put another key in place of this one, which works on for a while; null if none has
 * @param limits how often the key may be used; {@link Limits#NONE} if there are none
 * @param metadata an administrator's data for programs; null for none
 * @param others non-restricting data of a later version of this extension, which is kept
 */
public record ApiKeyCredentialData(
        String hint,
        Instant expiresAt,
        Authority disabledBy,
        Restrictions restrictions,
        Instant restrictedAt,
        Instant replacedAt,
        Limits limits,
        ObjectNode metadata,
        ObjectNode others) {

    /** The data of an unreadable key, which counts as disabled. */
    public static final ApiKeyCredentialData UNREADABLE =
            ofNew(null, null, Restrictions.NONE, Limits.NONE, null).withDisabledBy(Authority.ADMINISTRATOR);

    public ApiKeyCredentialData {
        metadata = metadata == null || metadata.isEmpty() ? null : metadata;
    }

    public static ApiKeyCredentialData ofNew(
            String hint, Instant expiresAt, Restrictions restrictions, Limits limits, ObjectNode metadata) {
        return new ApiKeyCredentialData(
                hint,
                expiresAt,
                null,
                restrictions,
                null,
                null,
                limits,
                metadata,
                JsonNodeFactory.instance.objectNode());
    }

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

    /** Returns a copy that expires at an instant at the latest. */
    public ApiKeyCredentialData endingBy(Instant end) {
        return endingAt(expiresAt == null || end.isBefore(expiresAt) ? end : expiresAt);
    }

    /** Returns a copy that expires at an instant; null for never. */
    public ApiKeyCredentialData endingAt(Instant end) {
        return new ApiKeyCredentialData(
                hint, end, disabledBy, restrictions, restrictedAt, replacedAt, limits, metadata, others);
    }

    /** Returns this as it is while another key has taken its place; null for a key that takes a place. */
    public ApiKeyCredentialData withReplacedAt(Instant time) {
        return new ApiKeyCredentialData(
                hint, expiresAt, disabledBy, restrictions, restrictedAt, time, limits, metadata, others);
    }

    public ApiKeyCredentialData withHint(String ofKey) {
        return new ApiKeyCredentialData(
                ofKey, expiresAt, disabledBy, restrictions, restrictedAt, replacedAt, limits, metadata, others);
    }

    public ApiKeyCredentialData withDisabledBy(Authority authority) {
        return new ApiKeyCredentialData(
                hint, expiresAt, authority, restrictions, restrictedAt, replacedAt, limits, metadata, others);
    }

    /**
     * Returns a copy with other restrictions.
     *
     * @param now the time of the change, recorded if the restrictions differ
     */
    public ApiKeyCredentialData withRestrictions(Restrictions changed, Instant now) {
        return changed.equals(restrictions)
                ? this
                : new ApiKeyCredentialData(
                        hint, expiresAt, disabledBy, changed, now, replacedAt, limits, metadata, others);
    }

    /** Returns a copy with other metadata; an empty object for none. */
    public ApiKeyCredentialData withMetadata(ObjectNode changed) {
        return new ApiKeyCredentialData(
                hint, expiresAt, disabledBy, restrictions, restrictedAt, replacedAt, limits, changed, others);
    }

    public ApiKeyCredentialData withLimits(Limits changed) {
        return new ApiKeyCredentialData(
                hint, expiresAt, disabledBy, restrictions, restrictedAt, replacedAt, changed, metadata, others);
    }

    /** Returns a copy whose limits, if they name no line, count for the key with this id alone. */
    ApiKeyCredentialData inLineOf(String keyId) {
        return limits.isNone() || limits.line() != null ? this : withLimits(limits.countedIn(keyId));
    }
}
