package io.apikeys.keycloak.gate;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.holder.PresentedTokens;
import io.apikeys.keycloak.holder.PresentedTokens.Presented;
import io.apikeys.keycloak.internals.request.RequestSessions;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.utils.KeycloakSessionUtil;

/**
 * Lets a request that acts for a key reach only the endpoints that {@link Route} lists for it. Any other request passes
 * unchanged, in most cases without inspection.
 */
@Provider
public final class KeyGateFilter implements ContainerRequestFilter {

    private static final Logger LOG = Logger.getLogger(KeyGateFilter.class);

    /** In bytes. A request with a key and a longer body is refused, because the body could not be checked. */
    private static final int LONGEST_BODY = 1024 * 1024;

    /** The most tokens in a request; programs send far fewer. */
    private static final int MOST_TOKENS = 16;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        String path = request.getUriInfo().getPath();
        if (Route.isOpenIdConnect(path) || Route.of(request.getMethod(), path).isOpen()) {
            return;
        }
        Route route = Route.of(
                request.getMethod(), request.getUriInfo().getRequestUri().getRawPath());
        KeycloakSession session = KeycloakSessionUtil.getKeycloakSession();
        List<Presented> tokens = tokens(request).limit(MOST_TOKENS + 1L).toList();
        if (tokens.size() > MOST_TOKENS) {
            refuse(
                    request,
                    Status.BAD_REQUEST,
                    "A request may have at most " + MOST_TOKENS + " tokens in its headers.");
            return;
        }
        List<RequestKey> keys = keys(tokens, request, route, session).toList();
        for (RequestKey key : keys) {
            Decision decision = route.decide(key.rights(administered(route, session)));
            if (decision != Decision.ALLOWED) {
                refuse(request, key, decision);
                return;
            }
        }
        if (keys.stream().allMatch(RequestKey::managesCredentials)) {
            return;
        }
        if (!mayWrite(request, route, session)) {
            refuse(request, keys.get(0), Decision.REFUSED);
            return;
        }
        request.setProperty(SecretsFilter.READS_NO_SECRETS, true);
    }

    /** Returns whether an administration request leaves unchanged the fields that keys must not change. */
    private static boolean mayWrite(ContainerRequestContext request, Route route, KeycloakSession session)
            throws IOException {
        KeptFields kept = KeptFields.of(route, administered(route, session), session);
        if (kept.names().isEmpty() || HttpMethod.DELETE.equals(request.getMethod())) {
            return true;
        }
        byte[] body = request.getEntityStream().readNBytes(LONGEST_BODY + 1);
        request.setEntityStream(new ByteArrayInputStream(body));
        return body.length <= LONGEST_BODY && !kept.isOfServiceAccount() && kept.allow(body);
    }

    private static Stream<RequestKey> keys(
            List<Presented> tokens, ContainerRequestContext request, Route route, KeycloakSession session) {
        return Stream.concat(
                tokens.stream()
                        .flatMap(presented -> RequestKey.of(presented.text(), presented.token(), session).stream()),
                route.takesCookies() ? ofCookie(request, session).stream() : Stream.empty());
    }

    /**
     * Returns the tokens in all headers, because an endpoint of another extension may read tokens from a header of its
     * own.
     */
    private static Stream<Presented> tokens(ContainerRequestContext request) {
        return request.getHeaders().entrySet().stream()
                .filter(header -> !header.getKey().equalsIgnoreCase(HttpHeaders.COOKIE))
                .flatMap(header -> header.getValue().stream())
                .flatMap(PresentedTokens::in);
    }

    private static Optional<RequestKey> ofCookie(ContainerRequestContext request, KeycloakSession session) {
        RealmModel realm = session.getContext().getRealm();
        if (realm == null || request.getCookies().isEmpty()) {
            return Optional.empty();
        }
        return RequestSessions.ofIdentityCookie(session, realm).flatMap(each -> RequestKey.of(each, session));
    }

    private static @Nullable RealmModel administered(Route route, KeycloakSession session) {
        return route.administeredRealm()
                .map(name -> session.realms().getRealmByName(name))
                .orElse(null);
    }

    private static void refuse(ContainerRequestContext request, RequestKey key, Decision decision) {
        if (decision == Decision.ENDED) {
            refuse(
                    request,
                    Status.UNAUTHORIZED,
                    "The API key of this token is no longer valid. Get a token with another key.");
            return;
        }
        String path = request.getMethod() + " " + request.getUriInfo().getPath();
        LOG.infof("Refused a request of API key %s: %s", key.keyId(), path);
        new EventBuilder(key.realm(), key.session(), key.session().getContext().getConnection())
                .event(eventType(request.getMethod(), path))
                .user(key.holder())
                .session(key.sessionId())
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(KeyEvents.KEY_ID, key.keyId())
                .detail(Details.REASON, path)
                .error(Errors.NOT_ALLOWED);
        refuse(
                request,
                Status.FORBIDDEN,
                "An API key may not use this endpoint. Sign in another way, or ask an administrator of the realm.");
    }

    private static EventType eventType(String method, String path) {
        if (!path.contains("credential") && !path.contains("password") && !path.contains("linked-accounts")) {
            return EventType.LOGIN;
        }
        return HttpMethod.DELETE.equals(method) ? EventType.REMOVE_CREDENTIAL : EventType.UPDATE_CREDENTIAL;
    }

    private static void refuse(ContainerRequestContext request, Status status, String message) {
        request.abortWith(Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(Map.of("errorMessage", message))
                .build());
    }
}
