package io.apikeys.keycloak.usage;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;

/** Where to find a key that another system has made, and that does not name its holder. What it is, its credential says. */
@Entity
@IdClass(ImportedHash.Key.class)
@Table(name = "API_KEY_IMPORTED")
public class ImportedHash {

    /**
     * What identifies it.
     *
     * @param hash base64url of the SHA-256 of the whole key
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

    public String getUserId() {
        return userId;
    }
}
