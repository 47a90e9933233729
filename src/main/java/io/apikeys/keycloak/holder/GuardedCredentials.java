package io.apikeys.keycloak.holder;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.inventory.KeyRecords;
import java.util.List;
import java.util.stream.Stream;
import org.keycloak.credential.CredentialInput;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.SubjectCredentialManager;

/** The credentials of a user. {@link CredentialGuard} checks every change, and a renamed key is found by its new name. */
record GuardedCredentials(SubjectCredentialManager credentials, CredentialGuard guard)
        implements SubjectCredentialManager {

    @Override
    public boolean updateCredential(CredentialInput input) {
        guard.refuseCredentials();
        return credentials.updateCredential(input);
    }

    @Override
    public void updateStoredCredential(CredentialModel credential) {
        guard.refuseCredentials();
        credentials.updateStoredCredential(credential);
    }

    @Override
    public CredentialModel createStoredCredential(CredentialModel credential) {
        guard.refuseCredentials();
        return credentials.createStoredCredential(credential);
    }

    @Override
    public boolean removeStoredCredentialById(String id) {
        guard.refuseCredentials();
        return credentials.removeStoredCredentialById(id);
    }

    @Override
    public boolean moveStoredCredentialTo(String id, String newPreviousCredentialId) {
        guard.refuseCredentials();
        return credentials.moveStoredCredentialTo(id, newPreviousCredentialId);
    }

    @Override
    public void updateCredentialLabel(String credentialId, String credentialLabel) {
        guard.refuseCredentials();
        credentials.updateCredentialLabel(credentialId, credentialLabel);
        CredentialModel renamed = credentials.getStoredCredentialById(credentialId);
        if (renamed != null && ApiKeyCredentialModel.TYPE.equals(renamed.getType())) {
            new KeyRecords(guard.session()).update(ApiKeyCredentialModel.createFromCredentialModel(renamed));
        }
    }

    @Override
    public void disableCredentialType(String credentialType) {
        guard.refuseCredentials();
        credentials.disableCredentialType(credentialType);
    }

    @Override
    @Deprecated
    public CredentialModel createCredentialThroughProvider(CredentialModel model) {
        guard.refuseCredentials();
        return credentials.createCredentialThroughProvider(model);
    }

    @Override
    public boolean isValid(List<CredentialInput> inputs) {
        return credentials.isValid(inputs);
    }

    @Override
    public boolean isValid(CredentialInput... inputs) {
        return credentials.isValid(inputs);
    }

    @Override
    public CredentialModel getStoredCredentialById(String id) {
        return credentials.getStoredCredentialById(id);
    }

    @Override
    public Stream<CredentialModel> getStoredCredentialsStream() {
        return credentials.getStoredCredentialsStream();
    }

    @Override
    public Stream<CredentialModel> getFederatedCredentialsStream() {
        return credentials.getFederatedCredentialsStream();
    }

    @Override
    public Stream<CredentialModel> getCredentials() {
        return credentials.getCredentials();
    }

    @Override
    public Stream<CredentialModel> getStoredCredentialsByTypeStream(String type) {
        return credentials.getStoredCredentialsByTypeStream(type);
    }

    @Override
    public CredentialModel getStoredCredentialByNameAndType(String name, String type) {
        return credentials.getStoredCredentialByNameAndType(name, type);
    }

    @Override
    public Stream<String> getDisableableCredentialTypesStream() {
        return credentials.getDisableableCredentialTypesStream();
    }

    @Override
    public Stream<CredentialModel> getFirstFactorCredentialsStream() {
        return credentials.getFirstFactorCredentialsStream();
    }

    @Override
    public boolean isConfiguredFor(String type) {
        return credentials.isConfiguredFor(type);
    }

    @Override
    @Deprecated
    public boolean isConfiguredLocally(String type) {
        return credentials.isConfiguredLocally(type);
    }

    @Override
    @Deprecated
    public Stream<String> getConfiguredUserStorageCredentialTypesStream() {
        return credentials.getConfiguredUserStorageCredentialTypesStream();
    }
}
