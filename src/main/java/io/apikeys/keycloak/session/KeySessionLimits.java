package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.keycloak.common.util.Encode;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.AccessToken;
import org.keycloak.utils.KeycloakSessionUtil;

/**
 * What a session opened with a key may not do at Keycloak's own APIs: administer, and change credentials. Stands before
 * those APIs, because they ask the user's roles and not the token's.
 *
 * <p>Reads tokens without verifying them: this only ever refuses, and whoever sends a forged one is refused behind.
 */
@Provider
public final class KeySessionLimits implements ContainerRequestFilter {

    private static final Logger LOG = Logger.getLogger(KeySessionLimits.class);

    /** Below the server's own path, if it has one ({@code --http-relative-path}). */
    private static final Pattern ADMINISTRATION = Pattern.compile("(/(?!realms/)[^/]+)*/admin/.*");

    private static final Pattern ACCOUNT_CREDENTIALS = Pattern.compile(".*/account/(.*/)?credentials(/.*)?");

    private static final Set<String> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    @Override
    public void filter(ContainerRequestContext request) {
        String path = ("/" + request.getUriInfo().getPath()).replaceAll("/+", "/");
        if (ADMINISTRATION.matcher(path).matches()) {
            keySession(request).ifPresent(session -> {
                LOG.infof(
                        "Refused to administer with a session of API key %s",
                        KeySession.keyId(session).orElseThrow());
                refuse(request, "A session that was opened with an API key cannot administer Keycloak.");
            });
        } else if (!READING.contains(request.getMethod())
                && ACCOUNT_CREDENTIALS.matcher(path).matches()) {
            keySession(request).ifPresent(session -> {
                recordRefusal(request, session);
                refuse(request, "A session that was opened with an API key cannot change credentials.");
            });
        }
    }

    private static void refuse(ContainerRequestContext request, String message) {
        request.abortWith(Response.status(Status.FORBIDDEN)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(Map.of("errorMessage", message))
                .build());
    }

    private static void recordRefusal(ContainerRequestContext request, UserSessionModel userSession) {
        KeycloakSession session = KeycloakSessionUtil.getKeycloakSession();
        new EventBuilder(userSession.getRealm(), session, session.getContext().getConnection())
                .event(
                        HttpMethod.DELETE.equals(request.getMethod())
                                ? EventType.REMOVE_CREDENTIAL
                                : EventType.UPDATE_CREDENTIAL)
                .user(userSession.getUser())
                .session(userSession)
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(KeyEvents.KEY_ID, KeySession.keyId(userSession).orElseThrow())
                .error(Errors.NOT_ALLOWED);
    }

    /** The session of the request's token, if a key opened it. */
    private static Optional<UserSessionModel> keySession(ContainerRequestContext request) {
        return token(request)
                .flatMap(KeySessionLimits::userSession)
                .filter(session -> KeySession.keyId(session).isPresent());
    }

    private static Optional<UserSessionModel> userSession(AccessToken token) {
        if (token.getSessionId() == null || token.getIssuer() == null) {
            return Optional.empty();
        }
        KeycloakSession session = KeycloakSessionUtil.getKeycloakSession();
        String realmName =
                Encode.decodePath(token.getIssuer().substring(token.getIssuer().lastIndexOf('/') + 1));
        RealmModel realm = session.realms().getRealmByName(realmName);
        if (realm == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(session.sessions().getUserSession(realm, token.getSessionId()))
                .or(() -> Optional.ofNullable(session.sessions().getOfflineUserSession(realm, token.getSessionId())));
    }

    /** From {@code Authorization}, whichever its scheme: the APIs behind take {@code Bearer} and {@code DPoP}. */
    private static Optional<AccessToken> token(ContainerRequestContext request) {
        List<String> headers = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
        for (String header : headers == null ? List.<String>of() : headers) {
            String jwt = header.strip().substring(header.strip().lastIndexOf(' ') + 1);
            try {
                return Optional.of(new JWSInput(jwt).readJsonContent(AccessToken.class));
            } catch (JWSInputException notAToken) {
                LOG.trace("The request carries no token; the API behind decides what that means");
            }
        }
        return Optional.empty();
    }
}
