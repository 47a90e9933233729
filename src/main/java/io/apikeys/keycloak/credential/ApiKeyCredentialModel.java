package io.apikeys.keycloak.credential;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.usage.Limits;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.credential.CredentialModel;

/**
 * An API key as Keycloak stores it: the user label is the key's name, the secret data its {@link KeyHash}, the
 * credential data its {@link KeyPolicy}. Built on the pattern of Keycloak's own models, such as
 * {@code RecoveryAuthnCodesCredentialModel}.
 */
public final class ApiKeyCredentialModel extends CredentialModel {

    public static final String TYPE = "api-key";

    private static final Logger LOG = Logger.getLogger(ApiKeyCredentialModel.class);

    /**
     * Strict: a key that a newer version of this extension narrowed in a way this one does not know must not be taken
     * for a key without restrictions.
     */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private transient KeyPolicy policy;

    private ApiKeyCredentialModel() {}

    /**
     * A credential for a new key.
     *
     * @param name becomes the user label
     */
    static ApiKeyCredentialModel create(KeyHash hash, String name, Instant createdAt, KeyPolicy policy) {
        ApiKeyCredentialModel model = new ApiKeyCredentialModel();
        model.policy = policy;
        model.setType(TYPE);
        model.setUserLabel(name);
        model.setCreatedDate(createdAt.toEpochMilli());
        model.setSecretData(write(hash));
        model.setCredentialData(write(Stored.of(policy)));
        return model;
    }

    /**
     * A view of a stored credential. Never fails, because Keycloak's own pages list all credentials of a user at once:
     * what cannot be read has no {@link #policy() policy} and matches no key.
     */
    public static ApiKeyCredentialModel createFromCredentialModel(CredentialModel stored) {
        ApiKeyCredentialModel model = new ApiKeyCredentialModel();
        model.setId(stored.getId());
        model.setType(TYPE);
        model.setUserLabel(stored.getUserLabel());
        model.setCreatedDate(stored.getCreatedDate());
        model.setSecretData(stored.getSecretData());
        model.setCredentialData(stored.getCredentialData());
        model.setFederationLink(stored.getFederationLink());
        try {
            model.policy = read(stored.getCredentialData(), Stored.class).toPolicy();
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException unreadable) {
            sayThatItIsUnreadable(stored, unreadable);
        }
        return model;
    }

    /**
     * A view of what a list needs, for which nobody has to load the secret data.
     *
     * @param row id, user label, created date, and credential data of a stored credential
     */
    static ApiKeyCredentialModel withoutSecretData(Object[] row) {
        CredentialModel stored = new CredentialModel();
        stored.setId((String) row[0]);
        stored.setUserLabel((String) row[1]);
        stored.setCreatedDate((Long) row[2]);
        stored.setCredentialData((String) row[3]);
        return createFromCredentialModel(stored);
    }

    /** Whether a stored credential is the key with this hash. Reads no more of it than that takes: a user may have many. */
    public static boolean isOf(CredentialModel stored, KeyHash presented) {
        try {
            return read(stored.getSecretData(), KeyHash.class).matches(presented);
        } catch (JsonProcessingException | IllegalArgumentException unreadable) {
            sayThatItIsUnreadable(stored, unreadable);
            return false;
        }
    }

    private static void sayThatItIsUnreadable(CredentialModel stored, Exception unreadable) {
        LOG.errorf("API key %s cannot be read and is refused: %s", stored.getId(), unreadable.getClass());
    }

    /** Nothing if what is stored cannot be read; such a key is refused everywhere and can only be deleted. */
    public Optional<KeyPolicy> policy() {
        return Optional.ofNullable(policy);
    }

    /** Whether this key is worth anything: readable, enabled and not expired. */
    public boolean isUsable(Instant now) {
        return policy != null && policy.enabled() && !policy.expired(now);
    }

    public String name() {
        return getUserLabel();
    }

    public Instant createdAt() {
        return Instant.ofEpochMilli(getCreatedDate() == null ? 0 : getCreatedDate());
    }

    void change(KeyPolicy changed) {
        policy = changed;
        setCredentialData(write(Stored.of(changed)));
    }

    private static <T> T read(String json, Class<T> type) throws JsonProcessingException {
        return JSON.readValue(json == null ? "" : json, type);
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The JSON of the credential data; dates as text, because the Admin Console shows it as it is. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Stored(
            String hint,
            String expiresAt,
            Boolean enabled,
            Restrictions restrictions,
            Limits limits,
            ObjectNode metadata) {

        static Stored of(KeyPolicy policy) {
            return new Stored(
                    policy.hint(),
                    policy.expiresAt() == null ? null : policy.expiresAt().toString(),
                    policy.enabled(),
                    policy.restrictions().isNone() ? null : policy.restrictions(),
                    policy.limits().isNone() ? null : policy.limits(),
                    policy.metadata());
        }

        KeyPolicy toPolicy() {
            if (hint == null || enabled == null) {
                throw new IllegalArgumentException("hint and enabled are missing");
            }
            return new KeyPolicy(
                    hint,
                    expiresAt == null ? null : Instant.parse(expiresAt),
                    enabled,
                    restrictions == null ? Restrictions.NONE : restrictions,
                    limits == null ? Limits.NONE : limits,
                    metadata);
        }
    }
}
