package io.apikeys.keycloak.usage;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;

/** Finds a key that was imported, and may therefore not name its holder. Its data is in its credential. */
@Entity
@IdClass(ImportedHash.Key.class)
@Table(name = "API_KEY_IMPORTED")
public class ImportedHash {

    /**
     * The primary key.
     *
     * @param hash the base64url-encoded SHA-256 of the whole key
     */
    public record Key(String realmId, String hash) implements Serializable {}

    @Id
    @Column(name = "REALM_ID", length = 36)
    private String realmId;

    @Id
    @Column(name = "HASH", length = 64)
    private String hash;

    @Column(name = "KEY_ID", length = 36)
    private String keyId;

    @Column(name = "USER_ID")
    private String userId;

    protected ImportedHash() {}

    public ImportedHash(String realmId, String hash, String keyId, String userId) {
        this.realmId = realmId;
        this.hash = hash;
        this.keyId = keyId;
        this.userId = userId;
    }

    public String getKeyId() {
        return keyId;
    }

    public String getUserId() {
        return userId;
    }
}
