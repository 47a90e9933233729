package io.apikeys.keycloak.rest.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.Authority;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.rest.api.ApiKeyRepresentation;
import io.apikeys.keycloak.rest.api.JsonBody;
import io.apikeys.keycloak.rest.api.KeyField;
import io.apikeys.keycloak.rest.api.KeyRepresentations;
import io.apikeys.keycloak.rest.api.KeyRequests;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/**
 * Imports keys that another system has issued, by their hashes, so that they remain valid. Each key is imported in a
 * transaction of its own, so that the refusal of one does not affect the others.
 */
@Produces(MediaType.APPLICATION_JSON)
public final class KeyImport {

    private static final int MOST = 1_000;
    private static final int MAX_BYTES = 2 * 1024 * 1024;
    private static final int MAX_START = 16;

    private static final Set<String> FIELDS = KeyField.ofNew(
            Authority.ADMINISTRATOR,
            KeyField.ENABLED.json(),
            "userId",
            "username",
            "algorithm",
            "encoding",
            "hash",
            "start");

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AdminAccess access;
    private final AdminEventBuilder adminEvent;

    KeyImport(KeycloakSession session, RealmModel realm, AdminAccess access, AdminEventBuilder adminEvent) {
        this.session = session;
        this.realm = realm;
        this.access = access;
        this.adminEvent = adminEvent;
    }

    /**
     * The result for one key.
     *
     * @param apiKey null if the key was refused
     * @param error null if the key was imported
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(int status, @Nullable ApiKeyRepresentation apiKey, ApiErrors.@Nullable ErrorBody error) {}

    /** Imports one key or a list of keys, and returns the results in the same order. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public List<Result> importKeys(InputStream body) {
        access.requireQuery();
        List<Result> results = new ArrayList<>();
        for (Supplier<JsonBody> element : JsonBody.readAll(body, FIELDS, MAX_BYTES, MOST)) {
            results.add(result(element));
        }
        return results;
    }

    private Result result(Supplier<JsonBody> element) {
        try {
            return new Result(201, importKey(element.get()), null);
        } catch (ApiErrors.Single refused) {
            return new Result(refused.status(), null, refused.error());
        }
    }

    private ApiKeyRepresentation importKey(JsonBody body) {
        UserModel holder = access.holderNamed(body.text("userId"), body.text("username"));
        access.requireIssue(holder);
        return KeycloakModelUtils.runJobInTransactionWithResult(
                session.getKeycloakSessionFactory(),
                session.getContext(),
                own -> importKey(body, holder.getId(), own),
                "import of an API key");
    }

    private ApiKeyRepresentation importKey(JsonBody body, String holderId, KeycloakSession own) {
        RealmModel sameRealm = own.realms().getRealm(realm.getId());
        UserModel holder = own.users().getUserById(sameRealm, holderId);
        try {
            ApiKeyCredentialModel key = HolderKeys.administered(holder, sameRealm, own)
                    .create(KeyRequests.settings(body), hash(body), hint(body));
            ApiKeyRepresentation shown =
                    new KeyRepresentations(own, sameRealm).of(key).heldBy(holderId, holder.getUsername());
            new KeyAdminEvent(own, adminEvent)
                    .at(key.getId())
                    .with(shown)
                    .detail(KeyEvents.IMPORTED, "true")
                    .success(OperationType.CREATE, holder, key);
            return shown;
        } catch (InvalidKeyException invalid) {
            throw ApiErrors.of(invalid);
        }
    }

    private static KeyHash hash(JsonBody body) {
        body.oneOf("algorithm", Set.of(KeyHash.SHA_256));
        String encoding = body.oneOf("encoding", Set.of("base64url", "base64", "hex"));
        String hash = body.text("hash");
        if (hash == null) {
            throw ApiErrors.badRequest("hash", "The hash is missing: send the SHA-256 hash of the key.");
        }
        try {
            return KeyHash.ofDigest(
                    switch (encoding == null ? "base64url" : encoding) {
                        case "hex" -> HexFormat.of().parseHex(hash);
                        case "base64" -> Base64.getDecoder().decode(hash);
                        default -> Base64.getUrlDecoder().decode(hash);
                    });
        } catch (IllegalArgumentException noHash) {
            throw ApiErrors.badRequest(
                    "hash",
                    "Must be a SHA-256 hash in the encoding that field encoding names; the default is base64url.");
        }
    }

    /** Returns the hint of an imported key: its first characters, if the request gives them. */
    private static String hint(JsonBody body) {
        String start = body.text("start");
        if (start != null && (start.length() > MAX_START || !start.chars().allMatch(c -> c > ' ' && c < 0x7f))) {
            throw ApiErrors.badRequest(
                    "start", "May have at most " + MAX_START + " characters, all of them visible ASCII.");
        }
        return (start == null ? "" : start) + "…";
    }
}
