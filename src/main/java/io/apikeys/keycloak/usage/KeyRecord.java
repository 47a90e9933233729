package io.apikeys.keycloak.usage;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/**
 * A row for each key: its search fields and its use. Written after the credential, and never needed to find or trust a
 * key; a missing row is created again from the credential. Times are in milliseconds since 1970.
 */
@Entity
@Table(name = "API_KEY")
public class KeyRecord {

    /** The longest hint, in characters. */
    public static final int HINT_LENGTH = 64;

    /** The longest text to search. */
    public static final int SEARCH_TEXT_LENGTH = 400;

    /** The longest username. */
    public static final int USERNAME_LENGTH = 255;

    @Id
    @Column(name = "ID", length = 36)
    private String id;

    @Column(name = "REALM_ID", length = 36)
    private String realmId;

    @Column(name = "USER_ID")
    private String userId;

    @Column(name = "HINT", length = HINT_LENGTH)
    private @Nullable String hint;

    @Column(name = "SEARCH_TEXT", length = SEARCH_TEXT_LENGTH)
    private @Nullable String searchText;

    @Column(name = "USERNAME", length = USERNAME_LENGTH)
    private @Nullable String username;

    @Column(name = "CREATED_AT")
    private long createdAt;

    @Column(name = "EXPIRES_AT")
    private @Nullable Long expiresAt;

    @Column(name = "DISABLED")
    private @Nullable Boolean disabled;

    @Column(name = "LIMITED")
    private @Nullable Boolean limited;

    @Column(name = "ENDED")
    private boolean ended;

    @Column(name = "REMINDED_AT")
    private @Nullable Long remindedAt;

    @Column(name = "REMIND_AT")
    private @Nullable Long remindAt;

    @Column(name = "REMIND_TRIES")
    private int remindTries;

    @Column(name = "UNCONFIRMED_SINCE")
    private @Nullable Long unconfirmedSince;

    @Column(name = "LAST_USED_AT")
    private @Nullable Long lastUsedAt;

    @Column(name = "LAST_USED_ADDRESS", length = 64)
    private @Nullable String lastUsedAddress;

    @Column(name = "LAST_USED_DOOR", length = 32)
    private @Nullable String lastUsedDoor;

    @Column(name = "USE_COUNT")
    private long useCount;

    protected KeyRecord() {}

    public KeyRecord(
            String id, String realmId, String userId, @Nullable String hint, long createdAt, @Nullable Long expiresAt) {
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

    /** Returns the name and the hint of the key, in the form in which they are searched. */
    public @Nullable String getSearchText() {
        return searchText;
    }

    public void setSearchText(String searchText) {
        this.searchText = searchText;
    }

    /** Returns the holder's username, in the form in which it is searched; null for a user of Keycloak's own database. */
    public @Nullable String getUsername() {
        return username;
    }

    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    /**
     * Sets what the key's settings say, so that the database can search by it.
     *
     * @param disabled whether the key is disabled
     * @param limited whether the key has limits
     */
    public void setState(boolean disabled, boolean limited) {
        this.disabled = disabled;
        this.limited = limited;
    }

    public @Nullable String getHint() {
        return hint;
    }

    public String getUserId() {
        return userId;
    }

    /** Returns when the key expires; null for never. */
    public @Nullable Long getExpiresAt() {
        return expiresAt;
    }

    /**
     * Sets when the key expires. The holder will be reminded of the new expiry, even if already reminded of the old
     * one.
     */
    public void setExpiresAt(@Nullable Long expiresAt) {
        this.expiresAt = expiresAt;
        this.ended = false;
        this.remindedAt = null;
        this.remindAt = null;
        this.remindTries = 0;
    }

    /** Notes that the sessions of the expired key have been ended. */
    public void setEnded() {
        this.ended = true;
    }

    /** Sets when to look again whether the holder is to be reminded of the expiry, in milliseconds since 1970. */
    public void setRemindAt(long time) {
        this.remindAt = time;
    }

    /** Returns how many attempts to remind the holder have been made. */
    public int getRemindTries() {
        return remindTries;
    }

    public void setRemindTries(int tries) {
        this.remindTries = tries;
    }

    /** Returns whether the holder has yet to confirm that they have saved the key, which a page has shown. */
    public boolean isUnconfirmed() {
        return unconfirmedSince != null;
    }

    public void setUnconfirmedSince(long time) {
        this.unconfirmedSince = time;
    }

    /** Returns when the key was last used. */
    public @Nullable Long getLastUsedAt() {
        return lastUsedAt;
    }

    public @Nullable String getLastUsedAddress() {
        return lastUsedAddress;
    }

    /** Returns the door through which the key was last used. */
    public @Nullable String getLastUsedDoor() {
        return lastUsedDoor;
    }

    /** Returns how often the key has been used. */
    public long getUseCount() {
        return useCount;
    }
}
