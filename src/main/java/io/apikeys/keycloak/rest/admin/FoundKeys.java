package io.apikeys.keycloak.rest.admin;

import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.rest.api.ApiKeyRepresentation;
import io.apikeys.keycloak.rest.api.JsonBody;
import io.apikeys.keycloak.rest.api.KeyRepresentations;
import io.apikeys.keycloak.rest.api.KeyRequests;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.FoundKey;
import java.io.InputStream;
import java.util.Set;
import org.keycloak.events.Details;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The look-up and the revocation of a key that somebody has found, when the raw key is all that is known of it. */
record FoundKeys(KeycloakSession session, RealmModel realm, AdminAccess access) {

    private static final String KEY = "key";
    private static final String REASON = "reason";

    /** Returns the key and its holder. */
    ApiKeyRepresentation lookUp(InputStream body) {
        FoundKey found = find(JsonBody.read(body, Set.of(KEY)));
        access.requireView(found.holder());
        return new KeyRepresentations(session, realm)
                .of(found.key().credential())
                .heldBy(found.holder().getId(), found.holder().getUsername());
    }

    /** Revokes the key. */
    void revoke(InputStream input, KeyAdminEvent event) {
        JsonBody body = JsonBody.read(input, Set.of(KEY, REASON));
        String reason = body.oneOf(REASON, RevocationReason.WORDS);
        FoundKey found = find(body);
        access.requireManage(found.holder());
        new KeyRequests(HolderKeys.administered(found.holder(), realm, session))
                .delete(found.key().id());
        event.here()
                .detail(Details.REASON, reason)
                .success(OperationType.DELETE, found.holder(), found.key().credential());
    }

    private FoundKey find(JsonBody body) {
        access.requireQuery();
        String key = body.text(KEY);
        if (key == null) {
            throw ApiErrors.badRequest(KEY, "The key is missing: send the raw key in this field.");
        }
        return new ApiKeyVerifier(session, realm).find(key).orElseThrow(AdminAccess::noSuchKey);
    }
}
