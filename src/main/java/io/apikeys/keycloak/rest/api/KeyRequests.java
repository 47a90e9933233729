package io.apikeys.keycloak.rest.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderLookup;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.management.IssuedKey;
import io.apikeys.keycloak.management.KeySettings;
import io.apikeys.keycloak.policy.Expiry;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.restriction.StoredRestrictions;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;

/**
 * The operations on the keys of one holder that self-service and administration share, with the same request bodies.
 */
public final class KeyRequests {

    public static final Set<String> ROTATE =
            Set.of("graceSeconds", KeyField.EXPIRES_IN.json(), KeyField.EXPIRES_AT.json());

    private static final int MAX_METADATA_BYTES = 4 * 1024;

    private final HolderKeys keys;

    public KeyRequests(HolderKeys keys) {
        this.keys = keys;
    }

    /** Returns a page of keys, newest first. */
    public List<ApiKeyCredentialModel> page(Page page) {
        return keys.list().stream().skip(page.first()).limit(page.max()).toList();
    }

    public ApiKeyCredentialModel find(String id) {
        return Optional.of(id)
                .filter(HolderLookup::isStorable)
                .flatMap(keys::find)
                .orElseThrow(() -> ApiErrors.notFound("There is no such API key."));
    }

    /** Issues a key with the settings in a body, whose fields have been checked against the authority of the caller. */
    public IssuedKey create(JsonBody body) {
        return create(settings(body));
    }

    public IssuedKey create(KeySettings asked) {
        try {
            return keys.create(asked);
        } catch (InvalidKeyException invalid) {
            throw ApiErrors.of(invalid);
        }
    }

    /** Reads the settings of a new key. */
    public static KeySettings settings(JsonBody body) {
        return settings(body, StoredRestrictions.NONE);
    }

    /**
     * Reads the fields of {@link KeyField}.
     *
     * @param current the current restrictions, which the request may change in part
     */
    private static KeySettings settings(JsonBody body, StoredRestrictions current) {
        return new KeySettings(
                body.text(KeyField.NAME.json()),
                body.bool(KeyField.ENABLED.json()),
                expiry(body),
                restrictions(body, current),
                LimitsBody.in(body),
                metadata(body));
    }

    private static @Nullable ObjectNode metadata(JsonBody body) {
        ObjectNode metadata = body.anything(KeyField.METADATA.json(), MAX_METADATA_BYTES);
        return metadata == null && body.has(KeyField.METADATA.json())
                ? JsonNodeFactory.instance.objectNode()
                : metadata;
    }

    /** Changes a key. A setting that is absent from the body remains as it is. */
    public ApiKeyCredentialModel change(String id, JsonBody body) {
        try {
            return keys.change(id, current -> settings(body, current.restrictions()));
        } catch (InvalidKeyException invalid) {
            throw ApiErrors.of(invalid);
        }
    }

    /** Rotates a key. The body may set {@code graceSeconds}, which is 0 by default, and the expiry of the new key. */
    public IssuedKey rotate(String id, JsonBody body) {
        Long grace = body.notNegative("graceSeconds");
        try {
            return keys.rotate(id, grace == null ? 0 : grace, orUsual(expiry(body)));
        } catch (InvalidKeyException invalid) {
            throw ApiErrors.of(invalid);
        }
    }

    /** Rotates a key at its own request, with the same body as {@link #rotate}. */
    public IssuedKey rotateItself(String id, JsonBody body) {
        Long grace = body.notNegative("graceSeconds");
        try {
            return keys.rotateItself(id, grace == null ? 0 : grace, orUsual(expiry(body)));
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

    /** Deletes all keys of the holder, including those that cannot be read. */
    public List<ApiKeyCredentialModel> deleteAll() {
        try {
            return keys.deleteAll();
        } catch (InvalidKeyException invalid) {
            throw ApiErrors.of(invalid);
        }
    }

    /** Returns the answer to a request that issued a key. */
    public static Response created(KeycloakSession session, ApiKeyRepresentation key) {
        return created(session.getContext().getUri().getAbsolutePathBuilder(), key);
    }

    /** Returns the answer to {@code …/{id}/rotate}. */
    public static Response rotated(KeycloakSession session, ApiKeyRepresentation key) {
        URI keys = session.getContext().getUri().getAbsolutePath().resolve("..");
        return created(UriBuilder.fromUri(keys), key);
    }

    /** Returns the answer to {@code …/api-keys/rotate}. */
    public static Response rotatedByItself(KeycloakSession session, ApiKeyRepresentation key) {
        URI keys = session.getContext().getUri().getAbsolutePath().resolve(".");
        return created(UriBuilder.fromUri(keys), key);
    }

    /** Returns an answer with a raw key, which no other kind of answer contains. */
    private static Response created(UriBuilder keys, ApiKeyRepresentation key) {
        URI location = keys.path(key.id()).build();
        CacheControl noStore = new CacheControl();
        noStore.setNoStore(true);
        return Response.created(location).entity(key).cacheControl(noStore).build();
    }

    /** Reads the restrictions as a merge patch of the current ones, if there are any. */
    private static @Nullable StoredRestrictions restrictions(JsonBody body, StoredRestrictions current) {
        if (!body.has(KeyField.RESTRICTIONS.json())) {
            return null;
        }
        JsonBody patch = body.object(KeyField.RESTRICTIONS.json(), Restrictions.NAMES);
        try {
            return patch == null ? StoredRestrictions.NONE : current.patched(patch.object());
        } catch (InvalidKeyException malformed) {
            throw ApiErrors.of(malformed);
        }
    }

    private static Expiry orUsual(@Nullable Expiry expiry) {
        return expiry == null ? new Expiry.Usual() : expiry;
    }

    /** Reads the expiry, if the request names one. */
    private static @Nullable Expiry expiry(JsonBody body) {
        Long seconds = body.positive(KeyField.EXPIRES_IN.json());
        Instant instant = body.instant(KeyField.EXPIRES_AT.json());
        if (seconds == null) {
            return instant != null
                    ? new Expiry.At(instant)
                    : body.has(KeyField.EXPIRES_AT.json()) ? new Expiry.Never() : null;
        }
        if (instant != null) {
            throw ApiErrors.badRequest(KeyField.EXPIRES_IN.json(), "Give expiresIn or expiresAt, not both.");
        }
        if (seconds > Duration.between(Instant.now(), Instant.MAX).toSeconds()) {
            throw ApiErrors.badRequest(KeyField.EXPIRES_IN.json(), "Is too far in the future. Give fewer seconds.");
        }
        return new Expiry.In(Duration.ofSeconds(seconds));
    }
}
