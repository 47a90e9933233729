package io.apikeys.keycloak.usage;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * A row for each key: by what it is searched, and what is known of its use. Made after the credential and never needed to
 * find or trust a key; what is missing here is made anew from the credentials. Times are milliseconds since 1970.
 */
@Entity
@Table(name = "API_KEY")
public class KeyRecord {

    @Id
    @Column(name = "ID", length = 36)
    private String id;

    @Column(name = "REALM_ID", length = 36)
    private String realmId;

    @Column(name = "USER_ID")
    private String userId;

    @Column(name = "HINT", length = 64)
    private String hint;

    @Column(name = "CREATED_AT")
    private long createdAt;

    @Column(name = "EXPIRES_AT")
    private Long expiresAt;

    @Column(name = "ENDED")
    private boolean ended;

    @Column(name = "REMINDED_AT")
    private Long remindedAt;

    @Column(name = "LAST_USED_AT")
    private Long lastUsedAt;

    @Column(name = "LAST_USED_ADDRESS", length = 64)
    private String lastUsedAddress;

    @Column(name = "LAST_USED_DOOR", length = 32)
    private String lastUsedDoor;

    @Column(name = "USE_COUNT")
    private long useCount;

    protected KeyRecord() {}

    public KeyRecord(String id, String realmId, String userId, String hint, long createdAt, Long expiresAt) {
        this.id = id;
        this.realmId = realmId;
        this.userId = userId;
        this.hint = hint;
        this.createdAt = createdAt;
        this.expiresAt = expiresAt;
    }

    public String getId() {
        return id;
    }

    public String getUserId() {
        return userId;
    }

    /** Null for never. */
    public Long getExpiresAt() {
        return expiresAt;
    }

    /** A changed end is a new one: it is to be reminded of, and to come. */
    public void setExpiresAt(Long expiresAt) {
        this.expiresAt = expiresAt;
        this.ended = false;
        this.remindedAt = null;
    }

    /** Once the sessions of an expired key have been ended. */
    public void setEnded() {
        this.ended = true;
    }

    /** Null as long as the holder has not been reminded of the end; milliseconds since 1970. */
    public Long getRemindedAt() {
        return remindedAt;
    }

    public void setRemindedAt(Long remindedAt) {
        this.remindedAt = remindedAt;
    }

    /** Null for a key that has not been used. */
    public Long getLastUsedAt() {
        return lastUsedAt;
    }

    public String getLastUsedAddress() {
        return lastUsedAddress;
    }
}
