package io.apikeys.keycloak.internals.store;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.inventory.ImportedKeys;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.storage.federated.UserFederatedStorageProvider;

/**
 * Lets the imported keys of users from user storages be found by their hash. The import of a realm writes their
 * credentials to this store by user id, past every credential provider; nothing else writes credentials in this way.
 */
record FederatedKeysLayer(KeycloakSession session, UserFederatedStorageProvider store) implements StoreLayer {

    @Override
    public void before(Method method, Object[] arguments) {
        if (isImport(method, arguments)) {
            arguments[2] = new ImportedKeys(session, (RealmModel) arguments[0])
                    .of((CredentialModel) arguments[2], (String) arguments[1]);
        }
    }

    private static boolean isImport(Method method, Object[] arguments) {
        return method.getName().equals("createCredential")
                && arguments[1] instanceof String
                && ApiKeyCredentialModel.TYPE.equals(((CredentialModel) arguments[2]).getType());
    }

    @Override
    public @Nullable Object after(Method method, Object[] arguments, @Nullable Object answer) {
        if (isImport(method, arguments)) {
            RealmModel realm = (RealmModel) arguments[0];
            addOrRemove(new ImportedKeys(session, realm), realm, (String) arguments[1], (CredentialModel)
                    Objects.requireNonNull(answer));
        }
        return answer;
    }

    private void addOrRemove(ImportedKeys imported, RealmModel realm, String userId, CredentialModel stored) {
        if (imported.admit(stored, userId)) {
            imported.add(stored, userId);
        } else {
            store.removeStoredCredential(realm, userId, stored.getId());
        }
    }
}
