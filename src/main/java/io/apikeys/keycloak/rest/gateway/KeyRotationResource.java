package io.apikeys.keycloak.rest.gateway;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
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
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Lets a machine rotate its key with nothing but the key, presented as at the gateway check, where the realm lets key sessions manage
 * keys. The new key has the restrictions, limits and metadata of the old one, and lives no longer than the old one was made for.
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
            throw ApiErrors.unauthorized("Send the API key that is to be rotated, in X-API-Key or Authorization.");
        }
        requireSelfRotation();
        EventBuilder event = new EventBuilder(
                        realm, session, session.getContext().getConnection())
                .event(EventType.UPDATE_CREDENTIAL);
        Verification verified = new ApiKeyVerifier(session, realm).verify(presented.text(), Door.ROTATION);
        if (verified instanceof Refused refused) {
            KeyEvents.error(event, refused);
            throw refused instanceof OverLimit
                    ? ApiErrors.tooMany(refused.reason().description() + ".")
                    : ApiErrors.unauthorized(refused.reason().description() + ".");
        }
        FoundKey found = ((Valid) verified).found();
        IssuedKey issued = new KeyRequests(HolderKeys.ownedBy(found.holder(), realm, session))
                .rotateItself(found.key().id(), JsonBody.readIfAny(body, KeyRequests.ROTATE));
        event.user(found.holder())
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(Details.CREDENTIAL_USER_LABEL, issued.credential().name())
                .detail(KeyEvents.KEY_ID, issued.credential().getId())
                .detail(KeyEvents.ROTATED_ID, found.key().id())
                .success();
        return KeyRequests.rotatedByItself(
                session, new KeyRepresentations(session).of(issued.credential()).revealing(issued));
    }

    /** Asks before the key is looked at, so that a key cannot be used up, or events written, for nothing. */
    private void requireSelfRotation() {
        ApiErrors.requireKeysEnabled(realm);
        RealmPolicy policy = ApiErrors.requireReadablePolicy(realm);
        if (!policy.keySessionsManageKeys() || !policy.holdersMakeKeys()) {
            throw ApiErrors.forbidden("This realm does not let API keys rotate themselves.");
        }
    }
}
