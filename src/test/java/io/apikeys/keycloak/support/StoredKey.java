package io.apikeys.keycloak.support;

import io.apikeys.keycloak.key.ApiKey;
import java.util.List;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** A key in the form in which a realm's export has it. */
public final class StoredKey {

    private StoredKey() {}

    /**
     * The user alice with one key.
     *
     * @param credentialData JSON, which may be written with single quotes
     */
    public static UserRepresentation heldBy(String userId, ApiKey key, String credentialData) {
        CredentialRepresentation credential = new CredentialRepresentation();
        credential.setType("api-key");
        credential.setUserLabel("imported");
        credential.setCreatedDate(0L);
        credential.setSecretData(
                "{\"algorithm\":\"SHA-256\",\"hash\":\"" + key.hash().hash() + "\"}");
        credential.setCredentialData(credentialData.replace('\'', '"'));
        UserRepresentation user = new UserRepresentation();
        user.setId(userId);
        user.setUsername("alice");
        user.setEmail("alice@example.org");
        user.setFirstName("Alice");
        user.setLastName("Example");
        user.setEnabled(true);
        user.setCredentials(List.of(credential));
        return user;
    }
}
