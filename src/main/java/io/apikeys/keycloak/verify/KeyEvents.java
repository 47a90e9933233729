package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.verify.Verification.Disabled;
import io.apikeys.keycloak.verify.Verification.Expired;
import io.apikeys.keycloak.verify.Verification.HolderDisabled;
import io.apikeys.keycloak.verify.Verification.HolderLocked;
import io.apikeys.keycloak.verify.Verification.NotAllowedHere;
import io.apikeys.keycloak.verify.Verification.QuotaUsedUp;
import io.apikeys.keycloak.verify.Verification.RateLimited;
import io.apikeys.keycloak.verify.Verification.Refused;
import io.apikeys.keycloak.verify.Verification.Unknown;
import io.apikeys.keycloak.verify.Verification.Unsuitable;
import io.apikeys.keycloak.verify.Verification.Valid;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;

/** What Keycloak's events say about keys, the same at every door. Never the key itself. */
public final class KeyEvents {

    /** The detail that names a key by its credential id. */
    public static final String KEY_ID = "api_key_id";

    /** The detail that names the key in whose place a new one was put. */
    public static final String ROTATED_ID = "api_key_rotated_id";

    /** The detail of admin events that names the holder of the key they are about. */
    public static final String HOLDER_ID = "api_key_holder";

    /** The detail that shows what was presented, when it is no key of this realm. */
    private static final String KEY_HINT = "api_key_hint";

    private KeyEvents() {}

    /** Puts the details of a verified key into an event. */
    public static void describe(EventBuilder event, Valid valid) {
        event.detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(KEY_ID, valid.key().getId());
    }

    /** Ends an event as the error that this answer is. */
    public static void error(EventBuilder event, Verification answer) {
        event.detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE);
        if (answer instanceof Refused refused) {
            event.user(refused.holder()).detail(KEY_ID, refused.key().getId());
        } else if (answer instanceof Unsuitable unsuitable) {
            event.detail(KEY_ID, unsuitable.key().getId());
        } else if (answer instanceof Unknown unknown) {
            event.detail(KEY_HINT, unknown.hint());
        }
        event.error(errorOf(answer));
    }

    private static String errorOf(Verification answer) {
        if (answer instanceof Expired) {
            return "api_key_expired";
        }
        if (answer instanceof Disabled) {
            return "api_key_disabled";
        }
        if (answer instanceof HolderDisabled) {
            return Errors.USER_DISABLED;
        }
        if (answer instanceof HolderLocked) {
            return Errors.USER_TEMPORARILY_DISABLED;
        }
        if (answer instanceof NotAllowedHere) {
            return "api_key_not_allowed_here";
        }
        if (answer instanceof RateLimited) {
            return "api_key_rate_limited";
        }
        if (answer instanceof QuotaUsedUp) {
            return "api_key_quota_used_up";
        }
        return Errors.INVALID_USER_CREDENTIALS;
    }
}
