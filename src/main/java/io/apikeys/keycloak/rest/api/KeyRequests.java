package io.apikeys.keycloak.rest.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderLookup;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.management.IssuedKey;
import io.apikeys.keycloak.management.KeyChange;
import io.apikeys.keycloak.management.NewKey;
import io.apikeys.keycloak.management.NewKey.Expiry;
import io.apikeys.keycloak.restriction.Restrictions;
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
public final class KeyRequests {

    public static final Set<String> ROTATE = Set.of("graceSeconds", "expiresIn", "expiresAt");

    private static final int MAX_METADATA_BYTES = 4 * 1024;

    private final HolderKeys keys;

    public KeyRequests(HolderKeys keys) {
        this.keys = keys;
    }

    /** A page of keys, newest first. */
    public List<ApiKeyCredentialModel> page(Page page) {
        return keys.list().stream().skip(page.first()).limit(page.max()).toList();
    }

    public ApiKeyCredentialModel find(String id) {
        return Optional.of(id)
                .filter(HolderLookup::isStorable)
                .flatMap(keys::find)
                .orElseThrow(() -> ApiErrors.notFound("There is no such API key."));
    }

    /** Reads what a key is to be; fields that a caller may not use have been refused before. */
    public IssuedKey create(JsonBody body) {
        return create(newKey(body));
    }

    public IssuedKey create(NewKey asked) {
        try {
            return keys.create(asked);
        } catch (InvalidKeyException invalid) {
            throw ApiErrors.of(invalid);
        }
    }

    /** Reads {@code name}, {@code restrictions}, {@code limits}, {@code metadata}, and the expiry. */
    public static NewKey newKey(JsonBody body) {
        return new NewKey(
                body.text("name"),
                expiry(body),
                restrictions(body, Restrictions.NONE).orElse(Restrictions.NONE),
                LimitsBody.in(body).orElse(Limits.NONE),
                body.anything("metadata", MAX_METADATA_BYTES));
    }

    /** Reads what is to be changed; what is absent stays as it is. */
    public ApiKeyCredentialModel change(String id, JsonBody body) {
        try {
            return keys.change(id, current -> changeOf(current, body));
        } catch (InvalidKeyException invalid) {
            throw ApiErrors.of(invalid);
        }
    }

    private static KeyChange changeOf(ApiKeyCredentialData current, JsonBody body) {
        ObjectNode metadata = body.anything("metadata", MAX_METADATA_BYTES);
        return new KeyChange(
                body.text("name"),
                body.bool("enabled"),
                body.has("expiresIn") || body.has("expiresAt") ? Optional.of(expiry(body)) : Optional.empty(),
                restrictions(body, current.restrictions()).orElse(null),
                LimitsBody.in(body).orElse(null),
                !body.has("metadata")
                        ? Optional.empty()
                        : Optional.of(metadata == null ? JsonNodeFactory.instance.objectNode() : metadata));
    }

    /** Reads {@code graceSeconds}, by default 0, and the expiry of the new key; there may be no body at all. */
    public IssuedKey rotate(String id, JsonBody body) {
        Long grace = body.notNegative("graceSeconds");
        try {
            return keys.rotate(id, grace == null ? 0 : grace, expiry(body));
        } catch (InvalidKeyException invalid) {
            throw ApiErrors.of(invalid);
        }
    }

    /** Reads the same for a key that rotates itself. */
    public IssuedKey rotateItself(String id, JsonBody body) {
        Long grace = body.notNegative("graceSeconds");
        try {
            return keys.rotateItself(id, grace == null ? 0 : grace, expiry(body));
        } catch (InvalidKeyException invalid) {
            throw ApiErrors.of(invalid);
        }
    }

    public ApiKeyCredentialModel delete(String id) {
        try {
            return keys.delete(id);
        } catch (InvalidKeyException invalid) {
            throw ApiErrors.of(invalid);
        }
    }

    /** Deletes all keys of the holder, those included that cannot be read. */
    public List<ApiKeyCredentialModel> deleteAll() {
        try {
            return keys.deleteAll();
        } catch (InvalidKeyException invalid) {
            throw ApiErrors.of(invalid);
        }
    }

    /** The answer to a request that has made a key. */
    public static Response created(KeycloakSession session, ApiKeyRepresentation key) {
        return created(session.getContext().getUri().getAbsolutePathBuilder(), key);
    }

    /** The answer to {@code …/{id}/rotate}. */
    public static Response rotated(KeycloakSession session, ApiKeyRepresentation key) {
        URI keys = session.getContext().getUri().getAbsolutePath().resolve("..");
        return created(UriBuilder.fromUri(keys), key);
    }

    /** The answer to {@code …/api-keys/rotate}. */
    public static Response rotatedByItself(KeycloakSession session, ApiKeyRepresentation key) {
        URI keys = session.getContext().getUri().getAbsolutePath().resolve(".");
        return created(UriBuilder.fromUri(keys), key);
    }

    /** The only kind of answer that carries a raw key. */
    private static Response created(UriBuilder keys, ApiKeyRepresentation key) {
        URI location = keys.path(key.id()).build();
        CacheControl noStore = new CacheControl();
        noStore.setNoStore(true);
        return Response.created(location).entity(key).cacheControl(noStore).build();
    }

    /** Reads field {@code restrictions} as a merge patch of the current restrictions; empty if it is absent. */
    private static Optional<Restrictions> restrictions(JsonBody body, Restrictions current) {
        if (!body.has(Restrictions.FIELD)) {
            return Optional.empty();
        }
        JsonBody patch = body.object(Restrictions.FIELD, Restrictions.NAMES);
        try {
            return Optional.of(patch == null ? Restrictions.NONE : current.patched(patch.object()));
        } catch (InvalidKeyException malformed) {
            throw ApiErrors.of(malformed);
        }
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
            throw ApiErrors.badRequest("expiresIn", "Give either expiresIn or expiresAt.");
        }
        try {
            return new Expiry.At(Instant.now().plusSeconds(seconds));
        } catch (DateTimeException | ArithmeticException tooFar) {
            throw ApiErrors.badRequest("expiresIn", "Is too far in the future.");
        }
    }
}
