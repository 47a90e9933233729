package io.apikeys.keycloak.rest.account;

import io.apikeys.keycloak.internals.request.RequestSessions;
import io.apikeys.keycloak.internals.session.Impersonation;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.session.KeySession;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.keycloak.models.AccountRoles;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.managers.Auth;

/** What the caller of self-service may do with keys of their own. */
final class CallerRights {

    private final KeycloakSession session;
    private final Auth caller;
    private final RealmPolicy policy;

    CallerRights(KeycloakSession session, Auth caller) {
        this.session = session;
        this.caller = caller;
        this.policy = RealmPolicy.of(caller.getRealm());
    }

    /** Throws an error unless the caller may see keys. */
    static void requireRead(Auth caller) {
        if (!caller.hasOneOfAppRole(caller.getClient(), AccountRoles.MANAGE_ACCOUNT, AccountRoles.VIEW_PROFILE)) {
            throw ApiErrors.forbidden("The token lacks role view-profile of client account.");
        }
    }

    /**
     * Returns what keeps the caller from renaming, disabling, restricting and revoking keys; empty if nothing does. A key
     * session may not, so that a stolen key does not make itself a successor that outlives it, or remove its rivals.
     */
    Optional<Obstacle> obstacleToChange() {
        if (!RealmPolicy.enabled(caller.getRealm())) {
            return Optional.of(Obstacle.KEYS_DISABLED);
        }
        if (!caller.hasClientRole(caller.getClient(), AccountRoles.MANAGE_ACCOUNT)) {
            return Optional.of(Obstacle.ROLE_MISSING);
        }
        return actingKeyId()
                .filter(keyId -> !KeySession.mayManageKeys(session, caller.getRealm(), caller.getUser(), keyId))
                .map(keyId -> Obstacle.KEY_SESSION);
    }

    /**
     * Returns what keeps the caller from making, rotating and enabling keys, however recent the login; empty if nothing
     * does. Asks for no less than the page on which users make keys: that the realm lets them, and that it is the user who
     * acts.
     */
    Optional<Obstacle> obstacleToMake() {
        return obstacleToChange().or(() -> {
            if (!policy.isReadable()) {
                return Optional.of(Obstacle.POLICY_UNREADABLE);
            }
            if (!policy.holdersMakeKeys()) {
                return Optional.of(Obstacle.ADMINISTRATORS_ONLY);
            }
            return Impersonation.in(caller.getSession()).map(by -> Obstacle.IMPERSONATED);
        });
    }

    /** Returns the id of the key that opened the session; empty if no key did. */
    Optional<String> actingKeyId() {
        return KeySession.keyId(session, caller.getSession());
    }

    /** Returns how long ago the user may have signed in to make, rotate or enable a key, in seconds. */
    int maxLoginAge() {
        return policy.maxLoginAge();
    }

    /** Returns how long ago the user signed in; empty if nobody did in this session. */
    Optional<Duration> loginAge() {
        return RequestSessions.signedInAt(caller.getSession())
                .map(at -> Duration.ofSeconds(Instant.now().getEpochSecond() - at.getEpochSecond()));
    }

    boolean isLoginRecent() {
        return loginAge().filter(age -> age.toSeconds() <= maxLoginAge()).isPresent();
    }
}
