package io.apikeys.keycloak.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderKeys;
import io.apikeys.keycloak.credential.InvalidKeyException;
import io.apikeys.keycloak.credential.IssuedKey;
import io.apikeys.keycloak.credential.KeyChange;
import io.apikeys.keycloak.credential.KeyPolicy;
import io.apikeys.keycloak.credential.NewKey;
import io.apikeys.keycloak.credential.NewKey.Expiry;
import io.apikeys.keycloak.credential.Restrictions;
import io.apikeys.keycloak.usage.Limits;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keycloak.models.KeycloakSession;

/** What self-service and administration have in common: the same verbs with the same bodies, on the keys of one holder. */
final class KeyRequests {

    static final Set<String> ROTATE = Set.of("graceSeconds");

    private static final int MAX_METADATA_BYTES = 4 * 1024;

    private final HolderKeys keys;

    KeyRequests(HolderKeys keys) {
        this.keys = keys;
    }

    /** A page of keys, newest first. */
    List<ApiKeyCredentialModel> page(Page page) {
        return keys.list().stream().skip(page.first()).limit(page.max()).toList();
    }

    /** All keys of the holder, those included that cannot be read. */
    List<ApiKeyCredentialModel> all() {
        return keys.list();
    }

    ApiKeyCredentialModel find(String id) {
        return keys.find(id).orElseThrow(() -> Refused.notFound("There is no such API key."));
    }

    /** Reads what a key is to be; fields that a caller may not use have been refused before. */
    IssuedKey create(JsonBody body) {
        try {
            return keys.create(newKey(body));
        } catch (InvalidKeyException invalid) {
            throw Refused.of(invalid);
        }
    }

    /** Reads {@code name}, {@code restrictions}, {@code limits}, {@code metadata}, and the expiry. */
    static NewKey newKey(JsonBody body) {
        return new NewKey(
                body.text("name"),
                expiry(body),
                RestrictionsBody.in(body, Restrictions.NONE).orElse(Restrictions.NONE),
                LimitsBody.in(body).orElse(Limits.NONE),
                body.anything("metadata", MAX_METADATA_BYTES));
    }

    /** Reads what is to be changed; what is absent stays as it is. */
    ApiKeyCredentialModel change(String id, JsonBody body) {
        ApiKeyCredentialModel key = find(id);
        Restrictions current = key.policy().map(KeyPolicy::restrictions).orElse(Restrictions.NONE);
        ObjectNode metadata = body.anything("metadata", MAX_METADATA_BYTES);
        try {
            return keys.change(
                    key,
                    new KeyChange(
                            body.text("name"),
                            body.bool("enabled"),
                            RestrictionsBody.in(body, current).orElse(null),
                            LimitsBody.in(body).orElse(null),
                            !body.has("metadata")
                                    ? Optional.empty()
                                    : Optional.of(
                                            metadata == null ? JsonNodeFactory.instance.objectNode() : metadata)));
        } catch (InvalidKeyException invalid) {
            throw Refused.of(invalid);
        }
    }

    /** Reads {@code graceSeconds}, by default 0; there may be no body at all. */
    IssuedKey rotate(String id, JsonBody body) {
        Long grace = body.notNegative("graceSeconds");
        try {
            return keys.rotate(find(id), grace == null ? 0 : grace);
        } catch (InvalidKeyException invalid) {
            throw Refused.of(invalid);
        }
    }

    ApiKeyCredentialModel delete(String id) {
        ApiKeyCredentialModel key = find(id);
        keys.delete(key);
        return key;
    }

    /** The answer to a request that has made a key. */
    static Response created(KeycloakSession session, ApiKeyRepresentation key) {
        return created(session.getContext().getUri().getAbsolutePathBuilder(), key);
    }

    /** The answer to {@code …/{id}/rotate}. */
    static Response rotated(KeycloakSession session, ApiKeyRepresentation key) {
        URI keys = session.getContext().getUri().getAbsolutePath().resolve("..");
        return created(UriBuilder.fromUri(keys), key);
    }

    /** The only kind of answer that carries a raw key. */
    private static Response created(UriBuilder keys, ApiKeyRepresentation key) {
        URI location = keys.path(key.id()).build();
        CacheControl noStore = new CacheControl();
        noStore.setNoStore(true);
        return Response.created(location).entity(key).cacheControl(noStore).build();
    }

    private static Expiry expiry(JsonBody body) {
        Long seconds = body.positive("expiresIn");
        Instant instant = body.instant("expiresAt");
        if (seconds == null) {
            return instant != null
                    ? new Expiry.At(instant)
                    : body.has("expiresAt") ? new Expiry.Never() : new Expiry.Usual();
        }
        if (instant != null) {
            throw Refused.badRequest("expiresIn", "Give either expiresIn or expiresAt.");
        }
        try {
            return new Expiry.At(Instant.now().plusSeconds(seconds));
        } catch (DateTimeException | ArithmeticException tooFar) {
            throw Refused.badRequest("expiresIn", "Is too far in the future.");
        }
    }
}
