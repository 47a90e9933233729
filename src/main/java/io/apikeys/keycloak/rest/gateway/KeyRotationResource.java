package io.apikeys.keycloak.rest.gateway;

import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.management.IssuedKey;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.rest.api.JsonBody;
import io.apikeys.keycloak.rest.api.KeyRepresentations;
import io.apikeys.keycloak.rest.api.KeyRequests;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.Door;
import io.apikeys.keycloak.verify.FoundKey;
import io.apikeys.keycloak.verify.KeyEvents;
import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.OverLimit;
import io.apikeys.keycloak.verify.Verification.Refused;
import io.apikeys.keycloak.verify.Verification.Unavailable;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Rotates a key for a machine that has nothing but the key, presented as at the gateway check, if the realm lets key
 * sessions manage keys. The new key has the restrictions, limits and metadata of the old one, and lives no longer than
 * the old one was issued for.
 */
@Produces(MediaType.APPLICATION_JSON)
public final class KeyRotationResource {

    private final KeycloakSession session;
    private final RealmModel realm;

    public KeyRotationResource(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
    }

    @POST
    public Response rotate(InputStream body) {
        PresentedKey presented =
                PresentedKey.in(session.getContext().getHttpRequest().getHttpHeaders());
        if (presented.isAbsent() || !realm.isEnabled()) {
            throw ApiErrors.unauthorized("Send the API key to rotate in header X-API-Key or Authorization.");
        }
        requireSelfRotation();
        EventBuilder event = new EventBuilder(
                        realm, session, session.getContext().getConnection())
                .event(EventType.UPDATE_CREDENTIAL);
        Verification verified = new ApiKeyVerifier(session, realm).verify(presented.text(), Door.ROTATION);
        if (verified instanceof Refused refused) {
            KeyEvents.error(event, refused);
            String message = refused.reason().description() + ".";
            if (refused instanceof Unavailable) {
                throw ApiErrors.unavailable(message);
            }
            throw refused instanceof OverLimit ? ApiErrors.tooMany(message) : ApiErrors.unauthorized(message);
        }
        FoundKey found = ((Valid) verified).found();
        IssuedKey issued = new KeyRequests(HolderKeys.ownedBy(found.holder(), realm, session))
                .rotateItself(found.key().id(), JsonBody.readIfAny(body, KeyRequests.ROTATE));
        KeyEvents.describe(event.user(found.holder()), issued.credential())
                .detail(KeyEvents.ROTATED_ID, found.key().id())
                .success();
        return KeyRequests.rotatedByItself(
                session,
                new KeyRepresentations(session, realm).of(issued.credential()).revealing(issued));
    }

    /**
     * Checks that the realm lets keys rotate themselves, before the key is verified, so that a refusal neither counts
     * as a use nor writes an event.
     */
    private void requireSelfRotation() {
        ApiErrors.requireKeysEnabled(realm);
        RealmPolicy policy = ApiErrors.requireReadablePolicy(realm);
        if (!policy.keySessionsManageKeys() || !policy.holdersMakeKeys()) {
            throw ApiErrors.forbidden("This realm does not let API keys rotate themselves.");
        }
    }
}
