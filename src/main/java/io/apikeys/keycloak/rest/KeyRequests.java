package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderKeys;
import io.apikeys.keycloak.credential.InvalidKeyException;
import io.apikeys.keycloak.credential.IssuedKey;
import io.apikeys.keycloak.credential.KeyPolicy;
import io.apikeys.keycloak.credential.Restrictions;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.keycloak.models.KeycloakSession;

/** What self-service and administration have in common: the same verbs with the same bodies, on the keys of one holder. */
final class KeyRequests {

    static final Set<String> ROTATE = Set.of("graceSeconds");

    private static final int DEFAULT_PAGE = 100;

    private final HolderKeys keys;

    KeyRequests(HolderKeys keys) {
        this.keys = keys;
    }

    /**
     * A page of keys, newest first.
     *
     * @param first how many to leave out; null for 0
     * @param max how many to answer with; null for {@value #DEFAULT_PAGE}
     */
    List<ApiKeyCredentialModel> page(String first, String max) {
        int skip = notNegative("first", first, 0);
        int limit = notNegative("max", max, DEFAULT_PAGE);
        return keys.list().stream().skip(skip).limit(limit).toList();
    }

    /** All keys of the holder, those included that cannot be read. */
    List<ApiKeyCredentialModel> all() {
        return keys.list();
    }

    ApiKeyCredentialModel find(String id) {
        return keys.find(id).orElseThrow(() -> Refused.notFound("There is no such API key."));
    }

    /** Reads {@code name}, {@code restrictions}, and {@code expiresIn} or {@code expiresAt}. */
    IssuedKey create(JsonBody body) {
        try {
            return keys.create(
                    body.text("name"),
                    expiry(body),
                    RestrictionsBody.in(body, Restrictions.NONE).orElse(Restrictions.NONE));
        } catch (InvalidKeyException invalid) {
            throw Refused.of(invalid);
        }
    }

    /** Reads {@code name}, {@code enabled} and {@code restrictions}; what is absent stays as it is. */
    ApiKeyCredentialModel change(String id, JsonBody body) {
        ApiKeyCredentialModel key = find(id);
        Restrictions current = key.policy().map(KeyPolicy::restrictions).orElse(Restrictions.NONE);
        try {
            return keys.change(
                    key,
                    body.text("name"),
                    body.bool("enabled"),
                    RestrictionsBody.in(body, current).orElse(null));
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

    private static Instant expiry(JsonBody body) {
        Long seconds = body.positive("expiresIn");
        Instant instant = body.instant("expiresAt");
        if (seconds == null) {
            return instant;
        }
        if (instant != null) {
            throw Refused.badRequest("expiresIn", "Give either expiresIn or expiresAt.");
        }
        try {
            return Instant.now().plusSeconds(seconds);
        } catch (DateTimeException | ArithmeticException tooFar) {
            throw Refused.badRequest("expiresIn", "Is too far in the future.");
        }
    }

    /** Read here and not by Jakarta REST, which would answer a word in place of a number with an empty 404. */
    private static int notNegative(String parameter, String value, int whenAbsent) {
        if (value == null) {
            return whenAbsent;
        }
        if (!value.matches("\\d{1,9}")) {
            throw Refused.badRequest(parameter, "Must be a whole number from 0 to 999999999.");
        }
        return Integer.parseInt(value);
    }
}
