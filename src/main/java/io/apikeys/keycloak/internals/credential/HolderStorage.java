package io.apikeys.keycloak.internals.credential;

import jakarta.ws.rs.ServiceUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.cache.CachedUserModel;
import org.keycloak.models.utils.StorageUnavailableUserModelDelegate;
import org.keycloak.storage.StorageId;
import org.keycloak.storage.StorageUnavailableException;

/**
 * Finds users whom a user storage such as LDAP holds, whether Keycloak imports them or not. Keycloak caches them without
 * asking the user storage again, by default for as long as they fit into the cache.
 */
public record HolderStorage(KeycloakSession session, RealmModel realm) {

    /** The number of seconds after which a caller may try again. */
    public static final long RETRY_AFTER_SECONDS = 30;

    /**
     * Thrown if the user storage of a user cannot be reached, so that nothing is known about the user. Keycloak answers
     * REST requests with status 503.
     */
    public static final class UnavailableException extends ServiceUnavailableException {

        private static final long serialVersionUID = 1L;

        private UnavailableException(String userId, @Nullable Throwable cause) {
            super("The user storage of user " + userId + " cannot be reached", RETRY_AFTER_SECONDS, cause);
        }
    }

    /**
     * Returns the user with an id; empty if there is none.
     *
     * @throws UnavailableException if the user storage cannot be reached and the user is not cached
     */
    public Optional<UserModel> find(String id) {
        return reached(id, () -> session.users().getUserById(realm, id));
    }

    /**
     * Returns a user as the user storage has known the user at most some time ago; empty if it no longer knows the user.
     *
     * @throws UnavailableException if the user storage cannot be reached
     */
    public Optional<UserModel> current(UserModel user, Duration maxAge) {
        if (!isOfUserStorage(user)
                || !(HolderStore.stored(user) instanceof CachedUserModel cached)
                || cached.getCacheTimestamp() + maxAge.toMillis() > System.currentTimeMillis()) {
            return Optional.of(user);
        }
        cached.invalidate();
        return find(user.getId());
    }

    /**
     * Returns the map that lives as long as the user stays in the user cache; a new one for a user who is not cached, or
     * whom this transaction changes.
     */
    @SuppressWarnings("unchecked") // Keycloak declares a raw map
    public static ConcurrentMap<Object, Object> cachedWith(UserModel user) {
        return HolderStore.stored(user) instanceof CachedUserModel cached && !cached.isMarkedForEviction()
                ? (ConcurrentMap<Object, Object>) cached.getCachedWith()
                : new ConcurrentHashMap<>();
    }

    private static boolean isOfUserStorage(UserModel user) {
        return !StorageId.isLocalStorage(user.getId()) || user.getFederationLink() != null;
    }

    private static Optional<UserModel> reached(String id, Supplier<UserModel> lookUp) {
        try {
            UserModel user = lookUp.get();
            if (user != null && HolderStore.stored(user) instanceof StorageUnavailableUserModelDelegate) {
                throw new UnavailableException(id, null);
            }
            return Optional.ofNullable(user);
        } catch (StorageUnavailableException away) {
            throw new UnavailableException(id, away);
        } catch (ModelException failed) {
            if (StorageId.isLocalStorage(id)) {
                throw failed;
            }
            throw new UnavailableException(id, failed);
        }
    }
}
