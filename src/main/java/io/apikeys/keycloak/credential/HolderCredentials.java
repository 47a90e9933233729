package io.apikeys.keycloak.credential;

import io.apikeys.keycloak.internals.credential.HolderStorage;
import io.apikeys.keycloak.key.KeyHash;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.UserModel;

/**
 * The API keys among the stored credentials of a user. What they contain is read once, and remembered for as long as
 * Keycloak's user cache keeps the user, but is used for a credential of the same text only: a key that has changed is
 * read again, also within the transaction that changes it.
 */
public final class HolderCredentials {

    private final UserModel holder;
    private final ConcurrentMap<Object, Object> remembered;

    private HolderCredentials(UserModel holder, ConcurrentMap<Object, Object> remembered) {
        this.holder = holder;
        this.remembered = remembered;
    }

    public static HolderCredentials of(UserModel holder) {
        return new HolderCredentials(holder, HolderStorage.cachedWith(holder));
    }

    /** Returns all keys, those included that cannot be read, in no order. */
    public Stream<ApiKeyCredentialModel> keys() {
        return stored().map(this::view);
    }

    /** Returns the key with this credential id, if the user holds it. */
    public Optional<ApiKeyCredentialModel> find(String id) {
        return Optional.ofNullable(holder.credentialManager().getStoredCredentialById(id))
                .filter(stored -> ApiKeyCredentialModel.TYPE.equals(stored.getType()))
                .map(this::view);
    }

    /** Returns the key with this hash, if the user holds it and its data can be read. */
    public Optional<ReadableKey> find(KeyHash hash) {
        return stored().filter(
                        stored -> content(stored).hash().filter(hash::matches).isPresent())
                .map(this::view)
                .flatMap(key -> key.readable().stream())
                .findFirst();
    }

    private Stream<CredentialModel> stored() {
        return holder.credentialManager().getStoredCredentialsByTypeStream(ApiKeyCredentialModel.TYPE);
    }

    private ApiKeyCredentialModel view(CredentialModel stored) {
        return ApiKeyCredentialModel.of(stored, content(stored).data().orElse(null));
    }

    private Content content(CredentialModel stored) {
        CredentialId id = new CredentialId(stored.getId());
        if (remembered.get(id) instanceof Content known && known.isOf(stored)) {
            return known;
        }
        Content read = Content.of(stored);
        remembered.put(id, read);
        return read;
    }

    /** The id of a credential, as a key of a map that other extensions may use, too. */
    private record CredentialId(String value) {}

    /** What the text of a stored credential means; the parts that cannot be read are empty. */
    private record Content(
            @Nullable String secretData,
            @Nullable String credentialData,
            Optional<KeyHash> hash,
            Optional<ApiKeyCredentialData> data) {

        static Content of(CredentialModel stored) {
            return new Content(
                    stored.getSecretData(),
                    stored.getCredentialData(),
                    ApiKeyCredentialModel.hash(stored),
                    ApiKeyCredentialModel.createFromCredentialModel(stored).data());
        }

        boolean isOf(CredentialModel stored) {
            return Objects.equals(secretData, stored.getSecretData())
                    && Objects.equals(credentialData, stored.getCredentialData());
        }
    }
}
