package io.apikeys.keycloak.internals.token;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.internals.credential.HolderStorage.UnavailableException;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.restriction.roles.AllowedRoles;
import io.apikeys.keycloak.restriction.roles.KeyRoles;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.Door;
import io.apikeys.keycloak.verify.KeyEvents;
import io.apikeys.keycloak.verify.RetryAfter;
import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.Refused;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.TokenCategory;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.crypto.SignatureSignerContext;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.jose.jws.JWSBuilder;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientScopeModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.RoleUtils;
import org.keycloak.protocol.oidc.AccessTokenIntrospectionProvider;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.services.Urls;
import org.keycloak.util.JsonSerialization;

/**
 * Introspection of a raw key (RFC 7662). The caller is the client that {@code TokenIntrospectionEndpoint}
 * authenticated; it sees only those of the holder's roles that are in its scope, as in an access token.
 */
public record KeyIntrospection(KeycloakSession session) {

    /** The value of {@code token_type}, which callers may also send as a hint. */
    static final String TOKEN_TYPE = "api_key";

    /** Returns whether a token has the format of a key, or is a key imported from another system. */
    public boolean concerns(@Nullable String token) {
        if (ApiKey.parse(token).isPresent()) {
            return true;
        }
        try {
            return new ApiKeyVerifier(session, session.getContext().getRealm())
                    .find(token)
                    .isPresent();
        } catch (UnavailableException ofKnownHolder) {
            return true;
        }
    }

    Response introspect(String key, EventBuilder event) {
        event.detail(Details.TOKEN_TYPE, TOKEN_TYPE);
        Verification answer =
                new ApiKeyVerifier(session, session.getContext().getRealm()).verify(key, Door.INTROSPECTION);
        if (answer instanceof Refused refused) {
            KeyEvents.error(event, refused);
            RetryAfter.announce(session, refused);
            return respond(JsonSerialization.createObjectNode().put("active", false));
        }
        Valid valid = (Valid) answer;
        KeyEvents.describe(event, valid);
        event.user(valid.holder()).success();
        ObjectNode described = describe(valid);
        if (wantsJwt()) {
            described.put("jwt", signed(described));
        }
        return respond(described);
    }

    /**
     * Returns whether the answer must have member {@code jwt}, under the same conditions as for Keycloak's own tokens
     * ({@link AccessTokenIntrospectionProvider}).
     */
    private boolean wantsJwt() {
        return org.keycloak.utils.MediaType.APPLICATION_JWT.equals(
                        session.getContext().getHttpRequest().getHttpHeaders().getHeaderString(HttpHeaders.ACCEPT))
                && Boolean.parseBoolean(session.getContext()
                        .getClient()
                        .getAttribute(Constants.SUPPORT_JWT_CLAIM_IN_INTROSPECTION_RESPONSE_ENABLED));
    }

    /** Returns a signed answer (RFC 9701, section 5), which nobody can take for an access token. */
    private String signed(ObjectNode answer) {
        ObjectNode claims = JsonSerialization.createObjectNode();
        claims.set("iss", answer.get("iss"));
        claims.set("aud", answer.get("aud"));
        claims.put("iat", Instant.now().getEpochSecond());
        claims.set("token_introspection", answer.deepCopy());
        SignatureSignerContext signer = session.getProvider(
                        SignatureProvider.class, session.tokens().signatureAlgorithm(TokenCategory.ACCESS))
                .signer();
        return new JWSBuilder()
                .type("token-introspection+jwt")
                .jsonContent(claims)
                .sign(signer);
    }

    private ObjectNode describe(Valid valid) {
        ApiKeyCredentialModel key = valid.key().credential();
        ApiKeyCredentialData data = valid.key().data();
        ClientModel caller = session.getContext().getClient();
        RealmModel realm = session.getContext().getRealm();
        Restrictions restrictions = valid.key().restrictions(session, realm);
        ObjectNode answer = JsonSerialization.createObjectNode()
                .put("active", true)
                .put("token_type", TOKEN_TYPE)
                .put("iss", Urls.realmIssuer(session.getContext().getUri().getBaseUri(), realm.getName()))
                .put("aud", caller.getClientId())
                .put("sub", valid.holder().getId())
                .put("username", valid.holder().getUsername())
                .put("iat", key.createdAt().getEpochSecond());
        answer.put("scope", String.join(" ", scopes(caller, valid, restrictions)));
        Set<String> clients = restrictions.get(Restrictions.CLIENTS);
        if (clients != null && clients.size() == 1) {
            answer.put("client_id", clients.iterator().next());
        }
        if (data.expiresAt() != null) {
            answer.put("exp", data.expiresAt().getEpochSecond());
        }
        describe(answer, rolesFor(caller, valid, restrictions));
        ObjectNode described = answer.putObject("api_key");
        described.put("id", key.getId()).put("name", key.name()).put("hint", data.hint());
        if (data.metadata() != null) {
            described.set("metadata", data.metadata());
        }
        return answer;
    }

    /**
     * Returns the scopes that a key is restricted to, as far as they are scopes of the caller; without such a
     * restriction, those that every token of the caller names. Scopes whose roles the holder lacks are left out, so
     * that naming a scope does not grant it.
     */
    private static List<String> scopes(ClientModel caller, Valid valid, Restrictions restrictions) {
        Stream<ClientScopeModel> scopes = restrictions.get(Restrictions.SCOPES) == null
                ? caller.getClientScopes(true).values().stream().filter(ClientScopeModel::isIncludeInTokenScope)
                : Stream.of(true, false)
                        .flatMap(byDefault -> caller.getClientScopes(byDefault).values().stream())
                        .filter(scope -> restrictions.allowsScope(scope.getName()));
        return scopes.filter(scope -> isOpenTo(valid.holder(), scope))
                .map(ClientScopeModel::getName)
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * Returns whether a scope is open to a user, as {@code DefaultClientSessionContext.isClientScopePermittedForUser}
     * does.
     */
    private static boolean isOpenTo(UserModel holder, ClientScopeModel scope) {
        Set<RoleModel> roles =
                RoleUtils.expandCompositeRoles(scope.getScopeMappingsStream().collect(Collectors.toSet()));
        return roles.isEmpty() || roles.stream().anyMatch(holder::hasRole);
    }

    /** Returns the roles that a token of the caller would contain, which depend on its scopes. */
    private KeyRoles rolesFor(ClientModel caller, Valid valid, Restrictions restrictions) {
        Stream<ClientScopeModel> scopes = caller.getClientScopes(true).values().stream()
                .filter(scope -> restrictions.allowsScope(scope.getName()));
        return KeyRoles.of(
                TokenManager.getAccess(valid.holder(), caller, scopes).stream(),
                AllowedRoles.of(session.getContext().getRealm(), restrictions));
    }

    /** Writes roles in the format of access tokens. */
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
