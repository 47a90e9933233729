package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.management.KeyRevocation;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.FoundKey;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Revokes the key that a request presents (RFC 7009), so that anybody who finds a leaked key can revoke it. Presenting
 * the key is the only permission required.
 */
public final class KeyRevocationResource {

    private final KeycloakSession session;

    KeyRevocationResource(KeycloakSession session) {
        this.session = session;
    }

    /**
     * Revokes the key in form parameter {@code token}. Answers 200 whether or not there is such a key (RFC 7009,
     * section 2.2), so that the answer reveals nothing about it.
     */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response revoke() {
        RealmModel realm = session.getContext().getRealm();
        String token =
                session.getContext().getHttpRequest().getDecodedFormParameters().getFirst("token");
        if (token == null) {
            throw ApiErrors.badRequest("token", "The key is missing: send it as form parameter token.");
        }
        if (realm.isEnabled()) {
            new ApiKeyVerifier(session, realm).find(token).ifPresent(found -> end(found, realm));
        }
        return Response.ok().type(MediaType.TEXT_PLAIN_TYPE).build();
    }

    private void end(FoundKey found, RealmModel realm) {
        try {
            new KeyRevocation(session, realm)
                    .revoke(
                            found,
                            new EventBuilder(
                                            realm, session, session.getContext().getConnection())
                                    .detail(KeyEvents.REVOKED_BY, KeyEvents.FINDER),
                            "revoked by its presenter");
        } catch (InvalidKeyException refused) {
            throw ApiErrors.of(refused);
        }
    }
}
