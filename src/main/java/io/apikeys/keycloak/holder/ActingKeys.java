package io.apikeys.keycloak.holder;

import io.apikeys.keycloak.session.KeySession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.UserSessionModel.SessionPersistenceState;
import org.keycloak.representations.JsonWebToken;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The keys that a request acts for. They come from user sessions that were opened with a key, never from a token that
 * the request merely contains: otherwise a key's token sent with a login form could hide roles, and with them a
 * condition such as "administrators need a second factor". While a login flow runs, its conditions see all roles of the
 * user; the restriction begins with the session.
 */
public final class ActingKeys {

    private static final String ATTRIBUTE = ActingKeys.class.getName();

    private final KeycloakSession session;

    /**
     * The sessions that the store has returned individually in this request, and that have a key or may still get one.
     */
    private final List<UserSessionModel> handedOut = new ArrayList<>();

    private final Map<String, KeyScope> scopes = new HashMap<>();
    private final Set<String> flatRoleIds = new HashSet<>();
    private final Set<KeyScope> flatScopes = new HashSet<>();

    /** Whether this object itself is reading users and roles, which it needs without restrictions. */
    private boolean looking;

    private ActingKeys(KeycloakSession session) {
        this.session = session;
    }

    public static ActingKeys of(KeycloakSession session) {
        ActingKeys known = session.getAttribute(ATTRIBUTE, ActingKeys.class);
        if (known != null) {
            return known;
        }
        ActingKeys acting = new ActingKeys(session);
        session.setAttribute(ATTRIBUTE, acting);
        return acting;
    }

    /** Remembers a session that the request uses. */
    public void handOut(UserSessionModel userSession) {
        handedOut.add(userSession);
    }

    /** Returns the remembered sessions that were opened with a key. */
    public List<UserSessionModel> keySessions() {
        return handedOut.isEmpty()
                ? List.of()
                : handedOut.stream().filter(KeySession::isOfKey).toList();
    }

    /**
     * Returns the login flow that this request runs; empty for login sessions that Keycloak creates only to issue
     * tokens.
     */
    public Optional<AuthenticationSessionModel> login() {
        return Optional.ofNullable(session.getContext().getAuthenticationSession())
                .filter(login -> login.getAuthNote(AuthenticationProcessor.CURRENT_FLOW_PATH) != null
                        || !login.getExecutionStatus().isEmpty());
    }

    /** Returns the verified token of this request; empty if it was not issued with a key. */
    Optional<JsonWebToken> bearerToken() {
        return session.getContext().getBearerToken() instanceof JsonWebToken token
                        && KeySession.keyId(token).isPresent()
                ? Optional.of(token)
                : Optional.empty();
    }

    /**
     * Returns what the acting keys allow a user; empty if no key of the user acts.
     *
     * @param real the user as stored
     * @param sessions the sessions to which this user object belongs; empty for a user who was looked up directly
     */
    List<KeyScope> scopes(UserModel real, RealmModel realm, List<UserSessionModel> sessions) {
        if (looking || !mayAct(sessions)) {
            return List.of();
        }
        looking = true;
        try {
            return acting(real, sessions)
                    .map(key -> scopes.computeIfAbsent(
                            key.id() + " " + key.clientId() + " " + real.getId(),
                            unknown -> KeyScope.of(session, realm, real, key.id(), key.clientId())))
                    .toList();
        } finally {
            looking = false;
        }
    }

    /**
     * Returns whether any key may act. This is fast, because most requests have no key and ask for roles repeatedly.
     */
    private boolean mayAct(List<UserSessionModel> sessions) {
        if (session.getContext().getBearerToken() instanceof JsonWebToken token && KeySession.isOfKey(token)) {
            return true;
        }
        for (UserSessionModel each : sessions.isEmpty() ? handedOut : sessions) {
            if (KeySession.isOfKey(each)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A key that acts.
     *
     * @param clientId the id of the client whose token acts; null if the session itself acts
     */
    private record Acting(String id, @Nullable String clientId) {}

    private Stream<Acting> acting(UserModel real, List<UserSessionModel> sessions) {
        if (!sessions.isEmpty()) {
            return sessions.stream().flatMap(this::acting).distinct();
        }
        if (login().isPresent()) {
            return Stream.empty();
        }
        return Stream.concat(
                        keySessions().stream().filter(each -> isOf(each, real)).flatMap(this::acting),
                        bearerToken().filter(token -> real.getId().equals(token.getSubject())).stream()
                                .flatMap(token -> acting(token).stream()))
                .distinct();
    }

    /**
     * Returns the session's current key, and the key of the token that uses it if the token is from an earlier login.
     */
    private Stream<Acting> acting(UserSessionModel userSession) {
        Optional<Acting> noted = KeySession.keyId(userSession)
                .map(id -> new Acting(id, KeySession.tokenClient(userSession).orElse(null)));
        boolean mayHaveAnother =
                noted.isPresent() || userSession.getPersistenceState() == SessionPersistenceState.TRANSIENT;
        Optional<Acting> ofToken = mayHaveAnother
                ? bearerToken()
                        .filter(token -> userSession.getUser().getId().equals(token.getSubject()))
                        .flatMap(ActingKeys::acting)
                        .filter(key ->
                                noted.isEmpty() || !key.id().equals(noted.get().id()))
                : Optional.empty();
        return Stream.concat(noted.stream(), ofToken.stream());
    }

    private static Optional<Acting> acting(JsonWebToken token) {
        return KeySession.keyId(token).map(id -> new Acting(id, token.getIssuedFor()));
    }

    private static boolean isOf(UserSessionModel userSession, UserModel user) {
        return userSession.getUser() != null && userSession.getUser().getId().equals(user.getId());
    }

    /** Reads roles as stored, without the restrictions of this object. */
    <T> T looking(Supplier<T> look) {
        boolean before = looking;
        looking = true;
        try {
            return look.get();
        } finally {
            looking = before;
        }
    }

    /** Remembers the roles of a restricted holder, and the key scopes that restrict them. */
    void rememberFlat(Set<RoleModel> roles, List<KeyScope> by) {
        roles.forEach(role -> flatRoleIds.add(role.getId()));
        flatScopes.addAll(by);
    }

    /**
     * Returns whether a role may be seen as part of others; false if all of those are roles of a restricted holder and
     * the key does not allow the role.
     */
    public boolean allowComposite(RoleModel role, Set<?> parentIds) {
        return looking
                || flatScopes.isEmpty()
                || !flatRoleIds.containsAll(parentIds)
                || flatScopes.stream().allMatch(scope -> scope.allows(role));
    }
}
