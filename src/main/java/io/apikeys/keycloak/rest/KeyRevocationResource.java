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
 * Lets whoever holds a key end it (RFC 7009), for instance who has found one in a public place. Who is to be kept from that
 * has to be kept from the key.
 */
public final class KeyRevocationResource {

    private final KeycloakSession session;

    KeyRevocationResource(KeycloakSession session) {
        this.session = session;
    }

    /** Answers 200 whatever was sent as {@code token} (RFC 7009, section 2.2), so that it tells nobody anything. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response revoke() {
        RealmModel realm = session.getContext().getRealm();
        String token =
                session.getContext().getHttpRequest().getDecodedFormParameters().getFirst("token");
        if (token == null) {
            throw ApiErrors.badRequest("token", "Which key? It is needed as form parameter token.");
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
                            "revoked by who presented it");
        } catch (InvalidKeyException refused) {
            throw ApiErrors.of(refused);
        }
    }
}
