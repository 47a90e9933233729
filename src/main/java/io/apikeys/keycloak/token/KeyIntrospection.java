package io.apikeys.keycloak.token;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.KeyPolicy;
import io.apikeys.keycloak.credential.Restrictions;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.verify.AllowedRoles;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.Door;
import io.apikeys.keycloak.verify.KeyEvents;
import io.apikeys.keycloak.verify.KeyRoles;
import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Collection;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.util.JsonSerialization;

/**
 * Introspection of a raw key (RFC 7662). The caller is the client that {@code TokenIntrospectionEndpoint} has
 * authenticated; it learns of the holder's roles only those in its scope, as from an access token.
 */
record KeyIntrospection(KeycloakSession session) {

    /** What {@code token_type} says, and one of the hints that a caller may give. */
    static final String TOKEN_TYPE = "api_key";

    /** Whether this has the form of a key, or is one that another system has made. */
    boolean concerns(String token) {
        return ApiKey.parse(token).isPresent()
                || (!isJwt(token)
                        && new ApiKeyVerifier(session, session.getContext().getRealm())
                                .find(token)
                                .isPresent());
    }

    /** Keycloak's own tokens, which are most of what is introspected. */
    private static boolean isJwt(String token) {
        return token != null
                && token.startsWith("eyJ")
                && token.chars().filter(c -> c == '.').count() == 2;
    }

    Response introspect(String key, EventBuilder event) {
        event.detail(Details.TOKEN_TYPE, TOKEN_TYPE);
        Verification answer =
                new ApiKeyVerifier(session, session.getContext().getRealm()).verify(key, Door.INTROSPECTION);
        if (!(answer instanceof Valid valid)) {
            KeyEvents.error(event, answer);
            return respond(JsonSerialization.createObjectNode().put("active", false));
        }
        KeyEvents.describe(event, valid);
        event.user(valid.holder()).success();
        return respond(describe(valid));
    }

    private ObjectNode describe(Valid valid) {
        ApiKeyCredentialModel key = valid.key();
        KeyPolicy policy = key.policy().orElseThrow();
        ObjectNode answer = JsonSerialization.createObjectNode()
                .put("active", true)
                .put("token_type", TOKEN_TYPE)
                .put("sub", valid.holder().getId())
                .put("username", valid.holder().getUsername())
                .put("iat", key.createdAt().getEpochSecond());
        if (policy.restrictions().scopes() != null) {
            answer.put("scope", String.join(" ", policy.restrictions().scopes()));
        }
        if (policy.expiresAt() != null) {
            answer.put("exp", policy.expiresAt().getEpochSecond());
        }
        describe(answer, rolesFor(session.getContext().getClient(), valid, policy.restrictions()));
        ObjectNode described = answer.putObject("api_key");
        described.put("id", key.getId()).put("name", key.name()).put("hint", policy.hint());
        if (policy.metadata() != null) {
            described.set("metadata", policy.metadata());
        }
        return answer;
    }

    private KeyRoles rolesFor(ClientModel caller, Valid valid, Restrictions restrictions) {
        return KeyRoles.of(
                TokenManager.getAccess(valid.holder(), caller, caller.getClientScopes(true).values().stream()).stream(),
                AllowedRoles.of(session.getContext().getRealm(), restrictions));
    }

    /** In the shape that access tokens have. */
    private static void describe(ObjectNode answer, KeyRoles roles) {
        if (!roles.realm().isEmpty()) {
            fill(answer.putObject("realm_access").putArray("roles"), roles.realm());
        }
        if (!roles.clients().isEmpty()) {
            ObjectNode access = answer.putObject("resource_access");
            roles.clients()
                    .forEach((client, names) -> fill(access.putObject(client).putArray("roles"), names));
        }
    }

    private static void fill(ArrayNode array, Collection<String> names) {
        names.forEach(array::add);
    }

    private static Response respond(ObjectNode answer) {
        return Response.ok(answer.toString())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .build();
    }
}
