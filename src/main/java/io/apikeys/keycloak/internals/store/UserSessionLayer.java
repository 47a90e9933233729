package io.apikeys.keycloak.internals.store;

import io.apikeys.keycloak.holder.ActingKeys;
import io.apikeys.keycloak.holder.NarrowableUser;
import io.apikeys.keycloak.holder.PresentedTokens;
import io.apikeys.keycloak.session.KeySession;
import jakarta.ws.rs.core.Response.Status;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.UserSessionModel.SessionPersistenceState;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.ErrorResponse;
import org.keycloak.services.ErrorResponseException;

/**
 * Binds each user to their session, so that a key session restricts its user; passes the key on to sessions that are
 * opened on its behalf; and denies key sessions to clients that the key does not allow and to outdated tokens.
 */
record UserSessionLayer(KeycloakSession session) implements StoreLayer {

    private static final String CREATE = "createUserSession";
    private static final String CREATE_CLIENT_SESSION = "createClientSession";
    private static final String OF_CLIENT = "getUserSessionIfClientExists";

    @Override
    public void before(Method method, Object[] arguments) {
        if (method.getName().equals(CREATE)) {
            refuseForAnotherUser(argument(arguments, UserModel.class));
        } else if (method.getName().equals(CREATE_CLIENT_SESSION)) {
            ClientModel client = argument(arguments, ClientModel.class);
            if (!isFor(argument(arguments, UserSessionModel.class), client)) {
                throw new ErrorResponseException(
                        OAuthErrorException.UNAUTHORIZED_CLIENT,
                        "The API key is not for this client",
                        Status.BAD_REQUEST);
            }
        }
    }

    /** Refuses to open a session of another user for a key: the impersonation would outlive the key. */
    private void refuseForAnotherUser(UserModel user) {
        if (actors().stream().anyMatch(actor -> !actor.getUser().getId().equals(user.getId()))) {
            throw ErrorResponse.error("An API key cannot open sessions of other users.", Status.FORBIDDEN);
        }
    }

    /** Returns the key sessions on whose behalf this request opens others; empty during a login. */
    private List<UserSessionModel> actors() {
        ActingKeys acting = ActingKeys.of(session);
        List<UserSessionModel> keySessions = acting.keySessions();
        return keySessions.isEmpty() || acting.login().isPresent() ? List.of() : keySessions;
    }

    @Override
    public @Nullable Object after(Method method, Object[] arguments, @Nullable Object answer) {
        if (answer instanceof UserSessionModel userSession) {
            boolean isNew = method.getName().equals(CREATE);
            if (!isNew && PresentedTokens.areOutdated(session, userSession)) {
                return null;
            }
            if (KeySession.isOfKey(userSession)
                    && method.getName().equals(OF_CLIENT)
                    && !isFor(userSession, clientWithId(arguments))) {
                return null;
            }
            if (isNew) {
                inheritKey(userSession);
            }
            bind(userSession);
            if (isNew || KeySession.isOfKey(userSession)) {
                ActingKeys.of(session).handOut(userSession);
            }
            return userSession;
        }
        if (answer instanceof Stream<?> sessions && method.getReturnType() == Stream.class) {
            return sessions.map(each -> each instanceof UserSessionModel userSession ? boundToKey(userSession) : each);
        }
        return answer;
    }

    private static UserSessionModel boundToKey(UserSessionModel userSession) {
        if (KeySession.isOfKey(userSession)) {
            bind(userSession);
        }
        return userSession;
    }

    private static void bind(UserSessionModel userSession) {
        if (userSession.getUser() instanceof NarrowableUser user) {
            user.bind(userSession);
        }
    }

    /** Notes the key in a session opened on behalf of a key session, or for a token that was issued with the key. */
    private void inheritKey(UserSessionModel opened) {
        Optional<UserSessionModel> actor = actors().stream().findFirst();
        if (actor.isPresent()) {
            KeySession.inherit(actor.get(), opened);
        } else if (opened.getPersistenceState() == SessionPersistenceState.TRANSIENT) {
            inheritFromToken(opened);
        }
    }

    private void inheritFromToken(UserSessionModel opened) {
        List<AccessToken> tokens = PresentedTokens.ofKeys(session)
                .filter(token -> opened.getUser().getId().equals(token.getSubject()))
                .toList();
        if (tokens.stream().map(KeySession::keyId).distinct().count() > 1) {
            throw new ErrorResponseException(
                    OAuthErrorException.INVALID_REQUEST,
                    "The request has tokens of several API keys",
                    Status.BAD_REQUEST);
        }
        tokens.stream()
                .filter(token -> KeySession.isOutdated(token, opened.getUser()))
                .findFirst()
                .or(() -> tokens.stream().findFirst())
                .ifPresent(token -> KeySession.inherit(token, opened));
    }

    /** Returns whether the key of a session allows a client; true for any other session. */
    private boolean isFor(UserSessionModel userSession, @Nullable ClientModel client) {
        return KeySession.keyId(userSession).isEmpty()
                || client == null
                || KeySession.key(session, userSession)
                        .map(key -> key.restrictions(session, userSession.getRealm())
                                .allowsClient(client.getClientId()))
                        .orElse(true);
    }

    private ClientModel clientWithId(Object[] arguments) {
        return argument(arguments, RealmModel.class).getClientById((String) arguments[arguments.length - 1]);
    }

    /** Returns the first argument of a type. */
    private static <T> T argument(Object[] arguments, Class<T> type) {
        for (Object argument : arguments) {
            if (type.isInstance(argument)) {
                return type.cast(argument);
            }
        }
        throw new IllegalArgumentException("There is no argument of " + type);
    }
}
