package io.apikeys.keycloak.inventory;

import io.apikeys.keycloak.internals.credential.HolderStorage;
import io.apikeys.keycloak.internals.credential.HolderStorage.UnavailableException;
import io.apikeys.keycloak.usage.KeyRecord;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.storage.StorageId;

/** The usernames of holders. Asks user storages, and goes without one that cannot be reached. */
record HolderNames(KeycloakSession session, RealmModel realm) {

    private static final Logger LOG = Logger.getLogger(HolderNames.class);

    /**
     * Returns the usernames of the holders of keys, by user id. A holder whom the user storage no longer knows is missing;
     * a holder whose user storage cannot be reached has the name that was last known.
     */
    Map<String, String> of(Collection<KeyRecord> records) {
        List<String> ids = records.stream().map(KeyRecord::getUserId).distinct().toList();
        Map<String, String> names = new HashMap<>();
        if (!ids.isEmpty()) {
            EntityManager em = session.getProvider(JpaConnectionProvider.class).getEntityManager();
            em.createQuery("select u.id, u.username from UserEntity u where u.id in :ids", Object[].class)
                    .setParameter("ids", ids)
                    .getResultStream()
                    .forEach(row -> names.put((String) row[0], (String) row[1]));
        }
        Set<String> away = new HashSet<>();
        for (KeyRecord record : records) {
            if (!names.containsKey(record.getUserId())) {
                ofUserStorage(record, away).ifPresent(name -> names.put(record.getUserId(), name));
            }
        }
        return names;
    }

    /** @param away the user storages that cannot be reached, which are not asked again */
    private Optional<String> ofUserStorage(KeyRecord record, Set<String> away) {
        String storage = new StorageId(record.getUserId()).getProviderId();
        if (!away.contains(storage)) {
            try {
                return new HolderStorage(session, realm)
                        .find(record.getUserId())
                        .map(UserModel::getUsername);
            } catch (UnavailableException notNow) {
                LOG.warnf("Keys are listed without asking their user storage: %s", notNow.getMessage());
                away.add(storage);
            }
        }
        return Optional.of(record.getUsername() == null ? record.getUserId() : record.getUsername());
    }
}
