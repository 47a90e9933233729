package io.apikeys.keycloak.credential;

import org.keycloak.credential.CredentialModel;
import org.keycloak.credential.CredentialProvider;
import org.keycloak.credential.CredentialTypeMetadata;
import org.keycloak.credential.CredentialTypeMetadataContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** Makes {@value ApiKeyCredentialModel#TYPE} a credential type that Keycloak's login, consoles and REST API know. */
public final class ApiKeyCredentialProvider implements CredentialProvider<ApiKeyCredentialModel> {

    private final KeycloakSession session;

    ApiKeyCredentialProvider(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public String getType() {
        return ApiKeyCredentialModel.TYPE;
    }

    @Override
    public CredentialModel createCredential(RealmModel realm, UserModel user, ApiKeyCredentialModel key) {
        return user.credentialManager().createStoredCredential(key);
    }

    @Override
    public boolean deleteCredential(RealmModel realm, UserModel user, String credentialId) {
        return user.credentialManager().removeStoredCredentialById(credentialId);
    }

    @Override
    public ApiKeyCredentialModel getCredentialFromModel(CredentialModel model) {
        return ApiKeyCredentialModel.createFromCredentialModel(model);
    }

    /** The texts are message keys of this extension's theme resources; the icon is the key that every theme has. */
    @Override
    public CredentialTypeMetadata getCredentialTypeMetadata(CredentialTypeMetadataContext context) {
        return CredentialTypeMetadata.builder()
                .type(getType())
                .category(CredentialTypeMetadata.Category.PASSWORDLESS)
                .displayName("api-key-display-name")
                .helpText("api-key-help-text")
                .iconCssClass("kcAuthenticatorWebAuthnClass")
                .removeable(true)
                .build(session);
    }
}
