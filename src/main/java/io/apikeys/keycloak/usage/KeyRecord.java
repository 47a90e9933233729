package io.apikeys.keycloak.usage;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * A row for each key: its search fields and its use. Written after the credential, and never needed to find or trust a
 * key; a missing row is created again from the credential. Times are in milliseconds since 1970.
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

    /** Returns when the key expires; null for never. */
    public Long getExpiresAt() {
        return expiresAt;
    }

    /** Sets when the key expires, of which the holder is to be reminded anew. */
    public void setExpiresAt(Long expiresAt) {
        this.expiresAt = expiresAt;
        this.ended = false;
        this.remindedAt = null;
    }

    /** Notes that the sessions of the expired key have been ended. */
    public void setEnded() {
        this.ended = true;
    }

    /** Returns when the holder was reminded of the expiry, in milliseconds since 1970; null if not yet. */
    public Long getRemindedAt() {
        return remindedAt;
    }

    public void setRemindedAt(Long remindedAt) {
        this.remindedAt = remindedAt;
    }

    /** Returns when the key was last used; null if never. */
    public Long getLastUsedAt() {
        return lastUsedAt;
    }

    public String getLastUsedAddress() {
        return lastUsedAddress;
    }

    /** Returns the door through which the key was last used; null if never. */
    public String getLastUsedDoor() {
        return lastUsedDoor;
    }

    /** Returns how often the key has been used. */
    public long getUseCount() {
        return useCount;
    }
}
