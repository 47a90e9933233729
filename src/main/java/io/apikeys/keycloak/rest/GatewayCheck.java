package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.Door;
import io.apikeys.keycloak.verify.KeyEvents;
import io.apikeys.keycloak.verify.KeyRoles;
import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.Status;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.RoleUtils;

/**
 * Tells a gateway whether to let a request through, by the status and the headers of an answer without a body: made for
 * nginx {@code auth_request} and its like. The gateway passes the request's headers on.
 */
public final class GatewayCheck {

    private final KeycloakSession session;

    GatewayCheck(KeycloakSession session) {
        this.session = session;
    }

    /**
     * Checks a key.
     *
     * @param demanded roles that the holder has to have, written as in {@code X-Auth-Roles}
     */
    @GET
    public Response check(@QueryParam("role") List<String> demanded) {
        RealmModel realm = session.getContext().getRealm();
        PresentedKey presented =
                PresentedKey.in(session.getContext().getHttpRequest().getHttpHeaders());
        if (presented.isAbsent() || !realm.isEnabled()) {
            return answer(Status.UNAUTHORIZED)
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                    .build();
        }
        EventBuilder event = new EventBuilder(
                        realm, session, session.getContext().getConnection())
                .event(EventType.INTROSPECT_TOKEN);
        Verification verified = new ApiKeyVerifier(session, realm).verify(presented.text(), Door.GATEWAY);
        if (!(verified instanceof Valid valid)) {
            KeyEvents.error(event, verified);
            return answer(Status.UNAUTHORIZED)
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
                    .build();
        }
        KeyEvents.describe(event, valid);
        event.user(valid.holder());
        Set<String> roles = roles(valid);
        if (!roles.containsAll(demanded)) {
            event.error("insufficient_scope");
            return answer(Status.FORBIDDEN)
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\"")
                    .build();
        }
        event.success();
        // Keycloak lets no 200 out without a media type.
        return answer(Status.OK)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .header("X-Auth-User-Id", written(valid.holder().getId()))
                .header("X-Auth-Username", written(valid.holder().getUsername()))
                .header("X-Auth-Roles", String.join(",", roles))
                .header("X-Auth-Key-Id", valid.key().getId())
                .build();
    }

    private static Set<String> roles(Valid valid) {
        return KeyRoles.of(RoleUtils.getDeepUserRoleMappings(valid.holder()).stream())
                .flat(GatewayCheck::written)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** So that no name can end a header, or pass for two roles or for the role of a client. */
    private static String written(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%40", "@");
    }

    private static ResponseBuilder answer(Status status) {
        return Response.status(status).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
