package io.apikeys.keycloak.internals.store;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.inventory.KeyRecords;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.credential.CredentialModel;
import org.keycloak.exportimport.ExportImportConfig;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.SubjectCredentialManager;
import org.keycloak.models.UserModel;

/**
 * Exports keys with what is left of their quotas, so that a quota is not full again after an import. Used only in the
 * process of {@code kc.sh export}, whose every look at a user's credentials is for the export.
 */
record ExportLayer(KeycloakSession session) implements StoreLayer {

    static final String CREDENTIALS = "getStoredCredentialsStream";

    static boolean isNeeded() {
        return ExportImportConfig.ACTION_EXPORT.equals(ExportImportConfig.getAction());
    }

    @Override
    public @Nullable Object after(Method method, Object[] arguments, @Nullable Object answer) {
        if (answer instanceof UserModel user) {
            return StoreLayer.around(UserModel.class, user, this);
        }
        if (answer instanceof SubjectCredentialManager credentials) {
            return StoreLayer.around(SubjectCredentialManager.class, credentials, this);
        }
        if (answer instanceof Stream<?> users && UserLayer.isOfUsers(method)) {
            return users.map(user -> StoreLayer.around(UserModel.class, (UserModel) user, this));
        }
        return answer instanceof Stream<?> credentials && method.getName().equals(CREDENTIALS)
                ? credentials.map(credential -> exported((CredentialModel) credential))
                : answer;
    }

    private CredentialModel exported(CredentialModel stored) {
        if (!ApiKeyCredentialModel.TYPE.equals(stored.getType())) {
            return stored;
        }
        ApiKeyCredentialModel key = ApiKeyCredentialModel.createFromCredentialModel(stored);
        Long left = new KeyRecords(session).quotasLeft(List.of(key)).get(key.getId());
        return left == null
                ? key
                : key.data()
                        .map(data -> key.withData(data.toBuilder()
                                .limits(data.limits().withQuotaLeft(left))
                                .build()))
                        .orElse(key);
    }
}
