package io.apikeys.keycloak.rest.gateway;

import io.apikeys.keycloak.internals.credential.HolderStorage;
import io.apikeys.keycloak.internals.rest.PhantomToken;
import io.apikeys.keycloak.limit.Allowance;
import io.apikeys.keycloak.limit.Allowance.Counted;
import io.apikeys.keycloak.rest.api.RequiredHttps;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.Door;
import io.apikeys.keycloak.verify.KeyEvents;
import io.apikeys.keycloak.verify.Refusal;
import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.Denied;
import io.apikeys.keycloak.verify.Verification.NotFound;
import io.apikeys.keycloak.verify.Verification.OverLimit;
import io.apikeys.keycloak.verify.Verification.Refused;
import io.apikeys.keycloak.verify.Verification.Unavailable;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import java.util.function.Function;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Tells a gateway whether to forward a request, by the status and the headers of an answer without a body, as nginx
 * {@code auth_request} and similar gateways expect. The gateway sends the headers of the request that it checks. Some
 * gateways also send its method, which {@link GatewayMethodFilter} replaces, and append its path to the path of this
 * resource.
 */
public final class GatewayCheckResource {

    private static final String ERROR = "X-Auth-Error";
    private static final String INVALID_TOKEN = "invalid_token";
    private static final String INSUFFICIENT_SCOPE = "insufficient_scope";

    private final KeycloakSession session;

    public GatewayCheckResource(KeycloakSession session) {
        this.session = session;
    }

    /**
     * Checks a key. Each query parameter {@code role} requires a role, written as in {@code X-Auth-Roles};
     * {@code include} requests further headers; {@code raw=true} requests that printable ASCII not be percent-encoded.
     */
    @GET
    @Path("{below:.*}")
    public Response check() {
        List<String> demanded = demandedRoles();
        GatewayHeaders asked = GatewayHeaders.askedFor(
                session, parameters().get("include"), "true".equals(parameters().getFirst("raw")));
        RealmModel realm = session.getContext().getRealm();
        HttpHeaders headers = session.getContext().getHttpRequest().getHttpHeaders();
        PresentedKey presented = PresentedKey.in(headers);
        if (presented.isAbsent() || !realm.isEnabled()) {
            return challenge(Status.UNAUTHORIZED, "Bearer").build();
        }
        if (RequiredHttps.isMissing(session.getContext())) {
            return refusal(Status.FORBIDDEN, "https_required", "invalid_request", "HTTPS required")
                    .type(MediaType.TEXT_PLAIN_TYPE)
                    .entity(
                            "This realm requires HTTPS. Call Keycloak over HTTPS, or configure it for the proxy in front of it.")
                    .build();
        }
        EventBuilder event = new EventBuilder(
                        realm, session, session.getContext().getConnection())
                .event(EventType.INTROSPECT_TOKEN);
        if (!PresentedKey.isBesideTheGateway(headers)) {
            return check(presented, demanded, event, asked, valid -> {
                event.success();
                return letThrough(valid, asked);
            });
        }
        return PhantomToken.forGateway(session, event)
                .map(token -> check(
                        presented,
                        demanded,
                        event,
                        asked,
                        valid -> token.issue(valid)
                                .map(issued ->
                                        letThrough(valid, asked).header(HttpHeaders.AUTHORIZATION, "Bearer " + issued))
                                .orElseGet(() -> refusal(
                                        Status.FORBIDDEN,
                                        "access_denied",
                                        "access_denied",
                                        "The gateway is not allowed to get a token for this key"))))
                .orElseGet(() -> answer(Status.UNAUTHORIZED)
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Basic")
                        .header(ERROR, "invalid_client")
                        .build());
    }

    private MultivaluedMap<String, String> parameters() {
        return session.getContext().getUri().getQueryParameters();
    }

    /**
     * Returns the required roles as sent. An empty one, as a gateway sends if its variable is not set, is a role that
     * no holder has.
     */
    private List<String> demandedRoles() {
        List<String> demanded = parameters().get("role");
        return demanded == null
                ? List.of()
                : demanded.stream().map(role -> role == null ? "" : role).toList();
    }

    private Response check(
            PresentedKey presented,
            List<String> demanded,
            EventBuilder event,
            GatewayHeaders asked,
            Function<Valid, ResponseBuilder> then) {
        Verification verified = new ApiKeyVerifier(session, session.getContext().getRealm())
                .verify(
                        presented.text(),
                        Door.GATEWAY,
                        found -> demanded.isEmpty() || asked.roles(found).containsAll(demanded));
        if (verified instanceof Valid valid) {
            KeyEvents.describe(event, valid);
            event.user(valid.holder());
            return withLimits(then.apply(valid), valid.allowance()).build();
        }
        return refuse((Refused) verified, event);
    }

    private Response refuse(Refused refused, EventBuilder event) {
        Refusal reason = refused.reason();
        if (refused instanceof Denied denied && reason == Refusal.UNSUITABLE) {
            event.user(denied.found().holder())
                    .detail(KeyEvents.KEY_ID, denied.found().key().id())
                    .error(INSUFFICIENT_SCOPE);
            return refusal(reason.status(), INSUFFICIENT_SCOPE, INSUFFICIENT_SCOPE, "The API key lacks a required role")
                    .build();
        }
        KeyEvents.error(event, refused);
        if (refused instanceof OverLimit limited) {
            return tooMany(limited);
        }
        if (refused instanceof Unavailable) {
            return answer(reason.status())
                    .type(MediaType.TEXT_PLAIN_TYPE)
                    .header(ERROR, reason.label())
                    .header(HttpHeaders.RETRY_AFTER, HolderStorage.RETRY_AFTER_SECONDS)
                    .build();
        }
        return refused instanceof NotFound
                ? refusal(reason.status(), "invalid", INVALID_TOKEN, "Not an API key of this realm")
                        .build()
                : refusal(reason.status(), reason.label(), INVALID_TOKEN, reason.description())
                        .build();
    }

    private static Response tooMany(OverLimit limited) {
        ResponseBuilder answer = withLimits(
                answer(limited.reason().status())
                        .type(MediaType.TEXT_PLAIN_TYPE)
                        .header(ERROR, limited.reason().label()),
                limited.allowance());
        limited.allowance().retryAfterSeconds().ifPresent(seconds -> answer.header(HttpHeaders.RETRY_AFTER, seconds));
        return answer.build();
    }

    private static ResponseBuilder withLimits(ResponseBuilder answer, Allowance allowance) {
        if (allowance instanceof Counted counted) {
            answer.header("RateLimit-Policy", counted.policyField()).header("RateLimit", counted.stateField());
        }
        return answer;
    }

    /** Starts an answer that allows the request. It has a media type, because Keycloak sends no 200 without one. */
    private static ResponseBuilder letThrough(Valid valid, GatewayHeaders asked) {
        ResponseBuilder answer = answer(Status.OK).type(MediaType.TEXT_PLAIN_TYPE);
        asked.addTo(answer, valid.found());
        return answer;
    }

    /**
     * Starts a refusal.
     *
     * @param reason the reason, for programs
     * @param error the error code of RFC 6750, section 3.1
     */
    private ResponseBuilder refusal(Status status, String reason, String error, String description) {
        return challenge(status, "Bearer error=\"" + error + "\", error_description=\"" + description + "\"")
                .header(ERROR, reason);
    }

    /**
     * Starts an answer with a challenge. A 401 also offers {@code Basic} (RFC 7617), because many programs do not send
     * a password until they are challenged for one.
     */
    private ResponseBuilder challenge(Status status, String bearer) {
        ResponseBuilder answer = answer(status).header(HttpHeaders.WWW_AUTHENTICATE, bearer);
        if (status == Status.UNAUTHORIZED) {
            String realm = session.getContext().getRealm().getName().replaceAll("[^\\x20-\\x7E]|[\"\\\\]", "_");
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"" + realm + "\", charset=\"UTF-8\"");
        }
        return answer;
    }

    private static ResponseBuilder answer(Status status) {
        return Response.status(status).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
