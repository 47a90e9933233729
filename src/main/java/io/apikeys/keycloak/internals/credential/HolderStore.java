package io.apikeys.keycloak.internals.credential;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.credential.CredentialModel;
import org.keycloak.credential.UserCredentialStore;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.SubjectCredentialManager;
import org.keycloak.models.UserModel;
import org.keycloak.models.cache.UserCache;
import org.keycloak.models.jpa.entities.CredentialEntity;
import org.keycloak.models.utils.UserModelDelegate;
import org.keycloak.storage.DatastoreProvider;
import org.keycloak.storage.StorageId;
import org.keycloak.storage.StoreManagers;
import org.keycloak.storage.UserStorageUtil;
import org.keycloak.storage.jpa.entity.FederatedUserCredentialEntity;

/**
 * Writes the credentials of a holder, and reads them bypassing the user cache. Keycloak's {@code UserCredentialManager}
 * does not write credentials of a service account, so those go to the store directly.
 */
public record HolderStore(KeycloakSession session, RealmModel realm, UserModel holder) {

    /**
     * Locks a credential until the transaction ends, for Keycloak's own pages too, and reads it from the database,
     * bypassing the user cache and this transaction's earlier reads.
     *
     * @return empty if there is none
     */
    public Optional<CredentialModel> lock(String id) {
        EntityManager em = session.getProvider(JpaConnectionProvider.class).getEntityManager();
        Class<?> type = isLocal() ? CredentialEntity.class : FederatedUserCredentialEntity.class;
        Object readBefore = em.find(type, id);
        if (readBefore != null) {
            em.flush();
            em.detach(readBefore);
        }
        if (em.find(type, id, LockModeType.PESSIMISTIC_WRITE) == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(store().getStoredCredentialById(realm, holder, id));
    }

    public CredentialModel create(CredentialModel key) {
        if (!isServiceAccount()) {
            return credentials().createStoredCredential(key);
        }
        CredentialModel stored = store().createCredential(realm, holder, key);
        forgetCached();
        return stored;
    }

    public void update(CredentialModel key) {
        if (!isServiceAccount()) {
            credentials().updateStoredCredential(key);
            return;
        }
        store().updateCredential(realm, holder, key);
        forgetCached();
    }

    public boolean remove(String id) {
        if (!isServiceAccount()) {
            return credentials().removeStoredCredentialById(id);
        }
        boolean removed = store().removeStoredCredential(realm, holder, id);
        forgetCached();
        return removed;
    }

    /** Returns a user as stored, without the restrictions of an acting key. */
    public static UserModel stored(UserModel user) {
        return user instanceof UserModelDelegate around ? around.getDelegate() : user;
    }

    /** Returns whether a user is enabled; for a service account, its client must be enabled, too. */
    public static boolean isEnabled(RealmModel realm, UserModel user) {
        return user.isEnabled() && hasNoDisabledClient(realm, user);
    }

    /** Returns false for the service account of a disabled or deleted client, true for any other user. */
    public static boolean hasNoDisabledClient(RealmModel realm, UserModel user) {
        String id = user.getServiceAccountClientLink();
        if (id == null) {
            return true;
        }
        ClientModel client = realm.getClientById(id);
        return client != null && client.isEnabled();
    }

    /** Returns the unguarded credentials; the caller's permission was checked earlier. */
    private SubjectCredentialManager credentials() {
        return stored(holder).credentialManager();
    }

    private boolean isServiceAccount() {
        return holder.getServiceAccountClientLink() != null;
    }

    private UserCredentialStore store() {
        StoreManagers stores = (StoreManagers) session.getProvider(DatastoreProvider.class);
        return (UserCredentialStore) (isLocal() ? stores.userLocalStorage() : stores.userFederatedStorage());
    }

    private boolean isLocal() {
        return StorageId.isLocalStorage(holder.getId());
    }

    private void forgetCached() {
        UserCache cache = UserStorageUtil.userCache(session);
        if (cache != null) {
            cache.evict(realm, holder);
        }
    }
}
