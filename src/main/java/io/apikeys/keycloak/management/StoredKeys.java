package io.apikeys.keycloak.management;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.internals.credential.HolderStore;
import io.apikeys.keycloak.inventory.HolderLimits;
import io.apikeys.keycloak.inventory.ImportedKeys;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.key.KeyName;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.persistence.PersistenceException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * The stored keys of one holder, to be changed under a lock: of two changes at the same moment the later one builds on
 * the earlier one, or is refused. Keeps the inventory and the limits of the keys in step with them.
 */
final class StoredKeys {

    private final KeycloakSession session;
    private final RealmModel realm;
    private final UserModel holder;
    private final KeyRecords records;
    private final ImportedKeys imported;
    private final HolderLimits limits;
    private final HolderStore store;

    StoredKeys(KeycloakSession session, RealmModel realm, UserModel holder) {
        this.session = session;
        this.realm = realm;
        this.holder = holder;
        this.records = new KeyRecords(session);
        this.imported = new ImportedKeys(session, realm);
        this.limits = records.limits(realm, holder.getId());
        this.store = new HolderStore(session, realm, holder);
    }

    /**
     * A change of keys.
     *
     * @param <T> its result
     */
    interface Change<T> {
        T make() throws InvalidKeyException;
    }

    /**
     * Makes a change while nobody else changes keys of this holder. Whatever the change depends on must be read in it.
     *
     * @throws InvalidKeyException if the change throws it, or if another change got in the way
     */
    <T> T underLock(Change<T> change) throws InvalidKeyException {
        try {
            records.lock(holder);
            T made = change.make();
            records.flush();
            return made;
        } catch (ModelException | PersistenceException failed) {
            if (ConcurrentChange.isCauseOf(failed)) {
                throw InvalidKeyException.conflict(
                        null, "The API key was changed at the same moment. Look at it again before you try again.");
            }
            throw failed;
        }
    }

    /**
     * Returns a key as it is stored now, locked until the end of the transaction.
     *
     * @throws InvalidKeyException if the holder has no such key
     */
    ApiKeyCredentialModel lock(String id) throws InvalidKeyException {
        return find(id).orElseThrow(InvalidKeyException::gone);
    }

    /** Returns a key as it is stored now, locked until the end of the transaction; empty if the holder has no such key. */
    Optional<ApiKeyCredentialModel> find(String id) {
        return store.lock(id)
                .filter(credential -> ApiKeyCredentialModel.TYPE.equals(credential.getType()))
                .map(ApiKeyCredentialModel::createFromCredentialModel);
    }

    /** Returns all keys, those included that cannot be read. */
    List<ApiKeyCredentialModel> all() {
        return records.stored(holder.getId());
    }

    /** Returns the keys other than one that count together with its limits. */
    List<ApiKeyCredentialModel> othersCountedWith(Limits line, String keyId) {
        return all().stream()
                .filter(key -> !key.getId().equals(keyId))
                .filter(key ->
                        key.data().filter(of -> of.limits().isCountedWith(line)).isPresent())
                .toList();
    }

    HolderLimits limits() {
        return limits;
    }

    /**
     * Stores a new key.
     *
     * @param mostKeys how many keys that have not expired the holder may have
     * @throws InvalidKeyException if the holder has more keys, or a key of this name
     */
    ApiKeyCredentialModel add(KeyHash hash, @Nullable String name, Instant now, ApiKeyCredentialData data, int mostKeys)
            throws InvalidKeyException {
        CredentialModel stored;
        try {
            stored = store.create(ApiKeyCredentialModel.create(hash, name, now, data));
        } catch (ModelDuplicateException sameName) {
            throw KeyName.taken();
        }
        Map<Boolean, List<ApiKeyCredentialModel>> byExpired =
                all().stream().collect(Collectors.partitioningBy(each -> isExpired(each, now)));
        forgetOldest(byExpired.getOrDefault(true, List.of()), mostKeys);
        if (byExpired.getOrDefault(false, List.of()).size() > mostKeys) {
            throw InvalidKeyException.conflict(
                    null,
                    "apiKeyTooMany",
                    "The user already has " + mostKeys + " API keys, which is the most allowed.");
        }
        ApiKeyCredentialModel key = ApiKeyCredentialModel.createFromCredentialModel(stored);
        records.add(realm, holder, key);
        return key;
    }

    /**
     * Stores a new key that another system issued.
     *
     * @throws InvalidKeyException as {@link #add}; also if the realm has a key with this hash
     */
    ApiKeyCredentialModel addImported(KeyHash hash, String name, Instant now, ApiKeyCredentialData data, int mostKeys)
            throws InvalidKeyException {
        if (imported.isTaken(hash)) {
            throw InvalidKeyException.conflict("hash", "There is an API key with this hash already.");
        }
        ApiKeyCredentialModel key = add(hash, name, now, data, mostKeys);
        imported.addHash(hash, key.getId(), holder.getId());
        return key;
    }

    /**
     * Stores a changed key, and returns it.
     *
     * @throws InvalidKeyException if the holder has another key of its name
     */
    ApiKeyCredentialModel update(ApiKeyCredentialModel key) throws InvalidKeyException {
        try {
            store.update(key);
        } catch (ModelDuplicateException sameName) {
            throw KeyName.taken();
        }
        records.update(key);
        return key;
    }

    /**
     * Deletes a key.
     *
     * @throws InvalidKeyException if it is gone
     */
    void remove(ApiKeyCredentialModel key) throws InvalidKeyException {
        if (!store.remove(key.getId())) {
            throw InvalidKeyException.gone();
        }
        records.remove(List.of(key.getId()));
    }

    /**
     * Checks a name and frees it: an expired key of that name, which is kept only to be listed, is deleted.
     *
     * @param exceptId the id of the key that gets the name; null for a new one
     * @return the name as it is to be stored
     */
    String free(@Nullable String name, @Nullable String exceptId, Instant now) throws InvalidKeyException {
        Map<Boolean, List<ApiKeyCredentialModel>> byExpired = all().stream()
                .filter(key -> !key.getId().equals(exceptId))
                .collect(Collectors.partitioningBy(key -> isExpired(key, now)));
        String checked = KeyName.check(name, names(byExpired.getOrDefault(false, List.of())));
        for (ApiKeyCredentialModel key : byExpired.getOrDefault(true, List.of())) {
            if (key.name() != null && KeyName.isSame(key.name(), checked)) {
                forget(key);
            }
        }
        return checked;
    }

    /** Returns the names of all keys. */
    List<String> names() {
        return names(all());
    }

    /** Deletes the oldest expired keys beyond a number, because all keys of a user are in one cache entry. */
    private void forgetOldest(List<ApiKeyCredentialModel> expired, int most) throws InvalidKeyException {
        List<ApiKeyCredentialModel> oldestFirst = expired.stream()
                .sorted(Comparator.comparing(ApiKeyCredentialModel::createdAt))
                .toList();
        for (int i = 0; i < oldestFirst.size() - most; i++) {
            forget(oldestFirst.get(i));
        }
    }

    /** Deletes an expired key before its retention is over. Its limits go on binding the holder. */
    private void forget(ApiKeyCredentialModel expired) throws InvalidKeyException {
        remove(expired);
        limits.bind(List.of(expired));
        EventBuilder event =
                new EventBuilder(realm, session, session.getContext().getConnection());
        KeyEvents.removed(event, holder, expired, "expired, and another key needs its place");
    }

    /** Returns whether a key has expired; one that cannot be read has not. */
    private static boolean isExpired(ApiKeyCredentialModel key, Instant now) {
        return key.data().filter(data -> data.expired(now)).isPresent();
    }

    private static List<String> names(List<ApiKeyCredentialModel> keys) {
        return keys.stream()
                .map(ApiKeyCredentialModel::name)
                .filter(Objects::nonNull)
                .toList();
    }
}
