package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.usage.Allowance;
import io.apikeys.keycloak.usage.Allowance.Counted;
import io.apikeys.keycloak.usage.Allowance.Exhausted;
import io.apikeys.keycloak.verify.AllowedRoles;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.Door;
import io.apikeys.keycloak.verify.KeyEvents;
import io.apikeys.keycloak.verify.KeyRoles;
import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.QuotaUsedUp;
import io.apikeys.keycloak.verify.Verification.RateLimited;
import io.apikeys.keycloak.verify.Verification.Unsuitable;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
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
        HttpHeaders headers = session.getContext().getHttpRequest().getHttpHeaders();
        PresentedKey presented = PresentedKey.in(headers);
        if (presented.isAbsent() || !realm.isEnabled()) {
            return refuse(Status.UNAUTHORIZED, "Bearer");
        }
        if (RequiredHttps.isMissing(session.getContext())) {
            return refuse(Status.FORBIDDEN, "Bearer error=\"invalid_request\", error_description=\"HTTPS required\"");
        }
        EventBuilder event = new EventBuilder(
                        realm, session, session.getContext().getConnection())
                .event(EventType.INTROSPECT_TOKEN);
        if (!PhantomToken.isAskedFor(headers)) {
            return check(presented, demanded, event, accepted -> {
                event.success();
                return accepted.letThrough();
            });
        }
        return PhantomToken.forGateway(session, event)
                .map(token -> check(
                        presented,
                        demanded,
                        event,
                        accepted -> token.issue(accepted.valid())
                                .map(issued ->
                                        accepted.letThrough().header(HttpHeaders.AUTHORIZATION, "Bearer " + issued))
                                .orElseGet(() -> refusal(Status.FORBIDDEN, "Bearer error=\"access_denied\""))))
                .orElseGet(() -> refuse(Status.UNAUTHORIZED, "Basic"));
    }

    private Response check(
            PresentedKey presented,
            List<String> demanded,
            EventBuilder event,
            Function<Accepted, ResponseBuilder> then) {
        Verification verified = new ApiKeyVerifier(session, session.getContext().getRealm())
                .verify(
                        presented.text(),
                        Door.GATEWAY,
                        found -> demanded.isEmpty()
                                || roles(found.holder(), found.key()).containsAll(demanded));
        if (verified instanceof Valid valid) {
            KeyEvents.describe(event, valid);
            event.user(valid.holder());
            ResponseBuilder answer = then.apply(new Accepted(valid, roles(valid.holder(), valid.key())));
            return withLimits(answer, valid.allowance()).build();
        }
        if (verified instanceof Unsuitable unsuitable) {
            event.user(unsuitable.holder())
                    .detail(KeyEvents.KEY_ID, unsuitable.key().getId())
                    .error("insufficient_scope");
            return refuse(Status.FORBIDDEN, "Bearer error=\"insufficient_scope\"");
        }
        KeyEvents.error(event, verified);
        if (verified instanceof RateLimited limited) {
            return tooMany(limited.allowance());
        }
        if (verified instanceof QuotaUsedUp usedUp) {
            return tooMany(usedUp.allowance());
        }
        return refuse(Status.UNAUTHORIZED, "Bearer error=\"invalid_token\"");
    }

    private static Response tooMany(Exhausted allowance) {
        ResponseBuilder answer =
                withLimits(answer(Status.TOO_MANY_REQUESTS).type(MediaType.TEXT_PLAIN_TYPE), allowance);
        allowance.retryAfterSeconds().ifPresent(seconds -> answer.header(HttpHeaders.RETRY_AFTER, seconds));
        return answer.build();
    }

    private static ResponseBuilder withLimits(ResponseBuilder answer, Allowance allowance) {
        if (allowance instanceof Counted counted) {
            answer.header("RateLimit-Policy", counted.policyField()).header("RateLimit", counted.stateField());
        }
        return answer;
    }

    /** @param roles those that the key lets through, as they are written */
    private record Accepted(Valid valid, Set<String> roles) {

        /** With a media type, without which Keycloak lets no 200 out. */
        ResponseBuilder letThrough() {
            return answer(Status.OK)
                    .type(MediaType.TEXT_PLAIN_TYPE)
                    .header("X-Auth-User-Id", written(valid.holder().getId()))
                    .header("X-Auth-Username", written(valid.holder().getUsername()))
                    .header("X-Auth-Roles", String.join(",", roles))
                    .header("X-Auth-Key-Id", valid.key().getId());
        }
    }

    private Set<String> roles(UserModel holder, ApiKeyCredentialModel key) {
        AllowedRoles allowed = AllowedRoles.of(
                session.getContext().getRealm(), key.policy().orElseThrow().restrictions());
        return KeyRoles.of(RoleUtils.getDeepUserRoleMappings(holder).stream(), allowed)
                .flat(GatewayCheck::written)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Response refuse(Status status, String challenge) {
        return refusal(status, challenge).build();
    }

    private static ResponseBuilder refusal(Status status, String challenge) {
        return answer(status).header(HttpHeaders.WWW_AUTHENTICATE, challenge);
    }

    /** So that no name can end a header, or pass for two roles or for the role of a client. */
    private static String written(String name) {
        if (name.chars().allMatch(GatewayCheck::isPlain)) {
            return name;
        }
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%40", "@");
    }

    private static boolean isPlain(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || ".-_*@".indexOf(character) >= 0;
    }

    private static ResponseBuilder answer(Status status) {
        return Response.status(status).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
