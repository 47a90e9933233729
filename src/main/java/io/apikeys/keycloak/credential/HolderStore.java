package io.apikeys.keycloak.credential;

import org.keycloak.credential.CredentialModel;
import org.keycloak.credential.UserCredentialStore;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.cache.UserCache;
import org.keycloak.storage.DatastoreProvider;
import org.keycloak.storage.StoreManagers;
import org.keycloak.storage.UserStorageUtil;

/**
 * Writes the credentials of a holder. Keycloak's {@code UserCredentialManager} lets nobody write those of a service account,
 * which has no password to set; its keys go to the same store by the same way, without that question.
 */
record HolderStore(KeycloakSession session, RealmModel realm, UserModel holder) {

    CredentialModel create(CredentialModel key) {
        if (!isServiceAccount()) {
            return holder.credentialManager().createStoredCredential(key);
        }
        CredentialModel stored = store().createCredential(realm, holder, key);
        forgetCached();
        return stored;
    }

    void update(CredentialModel key) {
        if (!isServiceAccount()) {
            holder.credentialManager().updateStoredCredential(key);
            return;
        }
        store().updateCredential(realm, holder, key);
        forgetCached();
    }

    boolean remove(String id) {
        if (!isServiceAccount()) {
            return holder.credentialManager().removeStoredCredentialById(id);
        }
        boolean removed = store().removeStoredCredential(realm, holder, id);
        forgetCached();
        return removed;
    }

    private boolean isServiceAccount() {
        return holder.getServiceAccountClientLink() != null;
    }

    private UserCredentialStore store() {
        StoreManagers stores = (StoreManagers) session.getProvider(DatastoreProvider.class);
        return (UserCredentialStore) stores.userLocalStorage();
    }

    private void forgetCached() {
        UserCache cache = UserStorageUtil.userCache(session);
        if (cache != null) {
            cache.evict(realm, holder);
        }
    }
}
