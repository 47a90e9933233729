package io.apikeys.keycloak.inventory;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.usage.ImportedHash;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.cache.CachedRealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * The keys of a realm that this extension did not issue to their holder here: keys of other systems, which name no
 * holder, and keys that came with users or a realm that was imported, perhaps with new user ids. They are found by their
 * hash.
 */
public record ImportedKeys(KeycloakSession session, RealmModel realm) {

    private static final Logger LOG = Logger.getLogger(ImportedKeys.class);

    /** What is remembered with the cached realm, which every node drops when the realm changes. */
    private static final String THERE_ARE_SOME = ImportedKeys.class.getName();

    /** Returns whether the realm has such keys; elsewhere, a text that is no key of this extension needs no look-up. */
    public boolean exist() {
        if (!(realm instanceof CachedRealmModel cached)) {
            return query();
        }
        @SuppressWarnings("unchecked")
        ConcurrentMap<String, Boolean> remembered = cached.getCachedWith();
        Boolean known = remembered.get(THERE_ARE_SOME);
        if (known == null) {
            known = query();
            remembered.put(THERE_ARE_SOME, known);
        }
        return known;
    }

    /** Queries in a separate transaction, because this one may not see rows that were committed after it began. */
    private boolean query() {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                session.getKeycloakSessionFactory(),
                own -> !em(own).createQuery("select h.keyId from ImportedHash h where h.realmId = :realm", String.class)
                        .setParameter("realm", realm.getId())
                        .setMaxResults(1)
                        .getResultList()
                        .isEmpty());
    }

    /** Returns the id of the user who holds the key with this hash; empty if no imported key has it. */
    public Optional<String> holderId(KeyHash hash) {
        return row(hash).map(ImportedHash::getUserId);
    }

    /**
     * Returns whether a key may be stored, because entry points will find it by its hash. Another key of the realm may
     * have the same hash already, and a hash that cannot be read belongs to no key. Logs a refusal.
     */
    public boolean admit(CredentialModel key, String holderId) {
        Optional<KeyHash> hash = ApiKeyCredentialModel.hash(key);
        String obstacle = hash.isEmpty() || !hash.get().wellFormed()
                ? "its hash cannot be read"
                : isTaken(hash.get()) ? "the realm already has a key with its hash" : null;
        if (obstacle != null) {
            LOG.warnf("An API key of user %s is not imported into realm %s: %s", holderId, realm.getName(), obstacle);
        }
        return obstacle == null;
    }

    /** Returns whether an imported key of this realm has a hash. Forgets a hash whose credential is gone. */
    public boolean isTaken(KeyHash hash) {
        Optional<ImportedHash> row = row(hash);
        if (row.isEmpty()) {
            return false;
        }
        boolean taken =
                new KeyRecords(session).holderId(realm, row.get().getKeyId()).isPresent();
        if (!taken) {
            em(session).remove(row.get());
            em(session).flush();
        }
        return taken;
    }

    /** Returns a key as it is to be stored for a holder: its limits may not count together with those of another holder. */
    public ApiKeyCredentialModel of(CredentialModel key, String holderId) {
        ApiKeyCredentialModel model = ApiKeyCredentialModel.createFromCredentialModel(key);
        return model.data()
                .map(data -> {
                    Limits own = new KeyRecords(session).limits(realm, holderId).imported(data.limits());
                    return own.equals(data.limits())
                            ? model
                            : model.withData(data.toBuilder().limits(own).build());
                })
                .orElse(model);
    }

    /** Makes the record of an admitted key, and applies its limits to its holder. */
    public void add(CredentialModel stored, String holderId) {
        ApiKeyCredentialModel key = ApiKeyCredentialModel.createFromCredentialModel(stored);
        KeyRecords records = new KeyRecords(session);
        records.add(realm, holderId, key);
        records.limits(realm, holderId).bind(List.of(key));
        ApiKeyCredentialModel.hash(stored).ifPresent(hash -> addHash(hash, key.getId(), holderId));
    }

    /** Lets a key be found by its hash. */
    public void addHash(KeyHash hash, String keyId, String holderId) {
        em(session).persist(new ImportedHash(realm.getId(), hash.hash(), keyId, holderId));
        em(session).flush();
        if (realm instanceof CachedRealmModel cached && !exist()) {
            cached.invalidate();
        }
    }

    private Optional<ImportedHash> row(KeyHash hash) {
        return Optional.ofNullable(
                em(session).find(ImportedHash.class, new ImportedHash.Key(realm.getId(), hash.hash())));
    }

    private static EntityManager em(KeycloakSession session) {
        return session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }
}
