package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.verify.Verification.Denied;
import io.apikeys.keycloak.verify.Verification.NotFound;
import io.apikeys.keycloak.verify.Verification.OverLimit;
import io.apikeys.keycloak.verify.Verification.Refused;
import io.apikeys.keycloak.verify.Verification.Valid;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.UserModel;

/** The details about keys in Keycloak's events, the same for every door. Never the key itself. */
public final class KeyEvents {

    /** The detail with the credential id of a key. */
    public static final String KEY_ID = "api_key_id";

    /** The detail with the credential id of the key that a new one replaces by rotation. */
    public static final String ROTATED_ID = "api_key_rotated_id";

    /** The detail of admin events with the id of a key's holder. */
    public static final String HOLDER_ID = "api_key_holder";

    /** The detail of events in which somebody ends a key without having signed in as its holder. */
    public static final String REVOKED_BY = "api_key_revoked_by";

    /** The value of {@link #REVOKED_BY} for somebody who presented the key itself. */
    public static final String FINDER = "finder";

    /** The value of {@link #REVOKED_BY} for the client of the event. */
    public static final String CLIENT = "client";

    /** The value of {@link #REVOKED_BY} for an alert from GitHub, which found the key in a public place. */
    public static final String GITHUB = "github";

    /** The detail with the address where a leaked key was found. */
    public static final String FOUND_AT = "api_key_found_at";

    /** The detail of admin events that disable a key. */
    public static final String DISABLED = "api_key_disabled";

    /** The detail of admin events about keys that were imported from another system. */
    public static final String IMPORTED = "api_key_imported";

    /** The detail with the hint of a presented text that is no key of this realm. */
    private static final String KEY_HINT = "api_key_hint";

    private static final Pattern UNSTORABLE = Pattern.compile("[\\x{10000}-\\x{10FFFF}\\p{Cntrl}]");

    private KeyEvents() {}

    /** Adds the details of a verified key to an event. */
    public static void describe(EventBuilder event, Valid valid) {
        event.detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(KEY_ID, valid.key().id());
    }

    /** Returns the name of a key, if it has one, for the details of an event. */
    public static @Nullable String label(ApiKeyCredentialModel key) {
        return key.name() == null ? null : storable(key.name());
    }

    /**
     * Returns a text for the details of an event. Control characters, and characters outside of the Basic Multilingual Plane,
     * become U+FFFD, because Keycloak's tables of events cannot hold the latter on MariaDB and MySQL.
     */
    public static String storable(String text) {
        return UNSTORABLE.matcher(text).replaceAll("\uFFFD");
    }

    /** Adds a stored key to an event that reports a change of it. */
    public static EventBuilder describe(EventBuilder event, ApiKeyCredentialModel key) {
        return event.detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(Details.CREDENTIAL_USER_LABEL, label(key))
                .detail(KEY_ID, key.getId());
    }

    /**
     * Reports that a key was deleted. The sessions of a key end at this event.
     *
     * @param event has the realm, and the client if there is one
     */
    public static void removed(EventBuilder event, UserModel holder, ApiKeyCredentialModel key, String reason) {
        describe(event.event(EventType.REMOVE_CREDENTIAL).user(holder), key)
                .detail(Details.REASON, reason)
                .success();
    }

    /** Ends an event with the error of a refusal. */
    public static void error(EventBuilder event, Refused answer) {
        event.detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE);
        if (answer instanceof NotFound unknown) {
            event.detail(KEY_HINT, unknown.hint());
        } else if (answer instanceof Denied denied) {
            describe(event, denied.reason(), denied.found());
            if (denied.detail() != null) {
                event.detail(Details.REASON, denied.detail());
            }
        } else if (answer instanceof OverLimit limited) {
            describe(event, limited.reason(), limited.found());
        }
        event.error(answer.reason().eventError());
    }

    /** Adds the key to an event, and its holder unless another user is signing in. */
    private static void describe(EventBuilder event, Refusal reason, FoundKey found) {
        event.detail(KEY_ID, found.key().id());
        if (reason != Refusal.UNSUITABLE) {
            event.user(found.holder());
        }
    }
}
