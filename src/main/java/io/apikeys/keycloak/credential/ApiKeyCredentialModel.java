package io.apikeys.keycloak.credential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apikeys.keycloak.key.KeyHash;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.credential.CredentialModel;

/**
 * An API key as Keycloak stores it: the user label is the key's name, the secret data its {@link KeyHash}, the
 * credential data its {@link ApiKeyCredentialData}. Never changed once it is made: Keycloak's class has setters, which only
 * Keycloak calls. Follows the pattern of Keycloak's own models, such as
 * {@code RecoveryAuthnCodesCredentialModel}.
 */
public final class ApiKeyCredentialModel extends CredentialModel {

    public static final String TYPE = "api-key";

    private static final Logger LOG = Logger.getLogger(ApiKeyCredentialModel.class);

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private transient @Nullable ApiKeyCredentialData data;

    private ApiKeyCredentialModel() {}

    /**
     * Creates the credential of a new key.
     *
     * @param name the user label
     */
    public static ApiKeyCredentialModel create(
            KeyHash hash, @Nullable String name, Instant createdAt, ApiKeyCredentialData data) {
        ApiKeyCredentialModel model = new ApiKeyCredentialModel();
        model.data = data;
        model.setType(TYPE);
        model.setUserLabel(name);
        model.setCreatedDate(createdAt.toEpochMilli());
        model.setSecretData(write(hash));
        model.setCredentialData(CredentialDataFormat.write(data));
        return model;
    }

    /**
     * Returns a view of a stored credential. Never fails, because Keycloak's own pages list all credentials of a user
     * at once: an unreadable credential has no {@link #data() data} and matches no key.
     */
    public static ApiKeyCredentialModel createFromCredentialModel(CredentialModel stored) {
        try {
            return of(
                    stored,
                    CredentialDataFormat.read(stored.getCredentialData()).inLineOf(stored.getId()));
        } catch (CredentialDataFormat.Unreadable unreadable) {
            sayThatItIsUnreadable(stored, unreadable.getMessage());
            return of(stored, null);
        }
    }

    /**
     * Returns a view of a stored credential whose data has been read already.
     *
     * @param data null if the data cannot be read
     */
    static ApiKeyCredentialModel of(CredentialModel stored, @Nullable ApiKeyCredentialData data) {
        ApiKeyCredentialModel model = copyOf(stored);
        model.data = data;
        return model;
    }

    private static ApiKeyCredentialModel copyOf(CredentialModel stored) {
        ApiKeyCredentialModel model = new ApiKeyCredentialModel();
        model.setId(stored.getId());
        model.setType(TYPE);
        model.setUserLabel(stored.getUserLabel());
        model.setCreatedDate(stored.getCreatedDate());
        model.setSecretData(stored.getSecretData());
        model.setCredentialData(stored.getCredentialData());
        model.setFederationLink(stored.getFederationLink());
        return model;
    }

    /**
     * Returns a view of a stored credential for a list, which does not need the secret data.
     *
     * @param row id, user label, created date, and credential data of the credential
     */
    public static ApiKeyCredentialModel withoutSecretData(Object[] row) {
        CredentialModel stored = new CredentialModel();
        stored.setId((String) row[0]);
        stored.setUserLabel((String) row[1]);
        stored.setCreatedDate((Long) row[2]);
        stored.setCredentialData((String) row[3]);
        return createFromCredentialModel(stored);
    }

    /** Returns the hash of the key that a stored credential is of; empty if it cannot be read. */
    public static Optional<KeyHash> hash(CredentialModel stored) {
        try {
            String secretData = stored.getSecretData();
            return Optional.of(JSON.readValue(secretData == null ? "{}" : secretData, KeyHash.class));
        } catch (JsonProcessingException | IllegalArgumentException unreadable) {
            sayThatItIsUnreadable(
                    stored, "its secret data is a " + unreadable.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private static void sayThatItIsUnreadable(CredentialModel stored, @Nullable String why) {
        LOG.errorf("API key %s cannot be read and is refused: %s", stored.getId(), why);
    }

    /**
     * Returns the data of this key; empty if it cannot be read. Such a key is refused everywhere and can only be
     * revoked.
     */
    public Optional<ApiKeyCredentialData> data() {
        return Optional.ofNullable(data);
    }

    /** Returns this key with its data; empty if the data cannot be read. */
    public Optional<ReadableKey> readable() {
        return data().map(read -> new ReadableKey(this, read));
    }

    /** Returns the name; a key that was imported with its holder may have none. */
    public @Nullable String name() {
        return getUserLabel();
    }

    public Instant createdAt() {
        return Instant.ofEpochMilli(getCreatedDate() == null ? 0 : getCreatedDate());
    }

    /** Returns a copy with another name. */
    public ApiKeyCredentialModel withName(@Nullable String name) {
        ApiKeyCredentialModel copy = of(this, data);
        copy.setUserLabel(name);
        return copy;
    }

    /** Returns a copy with other data. */
    public ApiKeyCredentialModel withData(ApiKeyCredentialData changed) {
        ApiKeyCredentialModel copy = of(this, changed);
        copy.setCredentialData(CredentialDataFormat.write(changed));
        return copy;
    }

    private static String write(KeyHash value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
