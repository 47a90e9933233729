package io.apikeys.keycloak.session;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.managers.AuthenticationManager.AuthResult;
import org.keycloak.utils.KeycloakSessionUtil;

/**
 * What a session opened with a key may not do at Keycloak's own APIs: administer, unless the key was made to, and change
 * credentials. Stands before those APIs, because they ask the user's roles and not the token's. Also lets nobody there
 * with a token whose key has ended and which no session stands for that could have ended with it.
 */
@Provider
public final class KeySessionLimits implements ContainerRequestFilter {

    private static final String NO_CREDENTIALS = "A session that was opened with an API key cannot change credentials.";

    private static final Logger LOG = Logger.getLogger(KeySessionLimits.class);

    /** Leaves most requests alone at once, among them the gateway check, whose callers bring no token. */
    private static final Pattern CONCERNED =
            Pattern.compile("admin/|account|api-keys(?!/auth$)|clients-registrations|/broker/");

    private static final Pattern SLASHES = Pattern.compile("/+");

    /** Below the server's own path, if it has one ({@code --http-relative-path}). */
    private static final Pattern ADMINISTRATION =
            Pattern.compile("(/(?!realms/)[^/]+)*/admin/.*|.*/realms/[^/]+/clients-registrations/.*");

    private static final Pattern SELF_SERVICE = Pattern.compile(".*/realms/[^/]+/(account|api-keys)(?!/auth$)(/.*)?");

    private static final Pattern CREDENTIALS = Pattern.compile(".*/account/(.*/)?(credentials|linked-accounts)(/.*)?"
            + "|.*/admin/realms/[^/]+/users/[^/]+/(credentials|disable-credential-types|reset-password"
            + "|reset-password-email|execute-actions-email)(/.*)?"
            + "|.*/admin/realms/[^/]+/api-keys(/.*)?");

    /** What the policy of the realm may allow. */
    private static final Pattern KEYS = Pattern.compile(".*/admin/realms/[^/]+/api-keys(/.*)?");

    /** Another account to sign in with, which a program asks for by leading the user's browser here. */
    private static final Pattern LINKING = Pattern.compile(".*/realms/[^/]+/broker/[^/]+/link");

    private static final Set<String> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    @Override
    public void filter(ContainerRequestContext request) {
        String raw = request.getUriInfo().getPath();
        if (!CONCERNED.matcher(raw).find()) {
            return;
        }
        String path = SLASHES.matcher("/" + raw).replaceAll("/");
        if (LINKING.matcher(path).matches()) {
            refuseLinking(request);
            return;
        }
        boolean administration = ADMINISTRATION.matcher(path).matches();
        if (!administration && !SELF_SERVICE.matcher(path).matches()) {
            return;
        }
        KeycloakSession session = KeycloakSessionUtil.getKeycloakSession();
        KeyToken.in(request, session).ifPresent(token -> {
            if (token.hasEnded()) {
                refuse(request, Status.UNAUTHORIZED, "The API key behind this token has ended.");
            } else if (administration && !token.mayAdminister()) {
                LOG.infof("Refused to administer with a session of API key %s", token.keyId());
                refuse(request, Status.FORBIDDEN, "This API key cannot administer Keycloak.");
            } else if (!READING.contains(request.getMethod())
                    && CREDENTIALS.matcher(path).matches()
                    && !(KEYS.matcher(path).matches()
                            && KeySession.mayManageKeys(token.realm(), token.holder(), token.keyId()))) {
                recordRefusal(request, session, token);
                refuse(request, Status.FORBIDDEN, NO_CREDENTIALS);
            }
        });
    }

    private static void refuseLinking(ContainerRequestContext request) {
        KeycloakSession session = KeycloakSessionUtil.getKeycloakSession();
        RealmModel realm = session.getContext().getRealm();
        AuthResult identity = AuthenticationManager.authenticateIdentityCookie(session, realm, true);
        if (identity != null) {
            KeySession.keyId(identity.session()).ifPresent(keyId -> {
                UserSessionModel of = identity.session();
                recordRefusal(request, session, new KeyToken(session, realm, identity.user(), of.getId(), keyId));
                refuse(request, Status.FORBIDDEN, NO_CREDENTIALS);
            });
        }
    }

    private static void refuse(ContainerRequestContext request, Status status, String message) {
        request.abortWith(Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(Map.of("errorMessage", message))
                .build());
    }

    private static void recordRefusal(ContainerRequestContext request, KeycloakSession session, KeyToken token) {
        new EventBuilder(token.realm(), session, session.getContext().getConnection())
                .event(
                        HttpMethod.DELETE.equals(request.getMethod())
                                ? EventType.REMOVE_CREDENTIAL
                                : EventType.UPDATE_CREDENTIAL)
                .user(token.holder())
                .session(token.sessionId())
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(KeyEvents.KEY_ID, token.keyId())
                .error(Errors.NOT_ALLOWED);
    }
}
