package io.apikeys.keycloak.credential;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** What only Keycloak's credential tables can answer. No door needs it to accept a key. */
public final class KeyTable {

    private final EntityManager em;

    public KeyTable(KeycloakSession session) {
        em = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /** The id of the user of this realm who holds the key with this credential id, local or of a user storage. */
    public Optional<String> holderId(RealmModel realm, String keyId) {
        return Stream.of(
                        "select c.user.id from CredentialEntity c where c.user.realmId = :realm"
                                + " and c.id = :id and c.type = :type",
                        "select c.userId from FederatedUserCredentialEntity c where c.realmId = :realm"
                                + " and c.id = :id and c.type = :type")
                .flatMap(query -> em.createQuery(query, String.class)
                        .setParameter("realm", realm.getId())
                        .setParameter("id", keyId)
                        .setParameter("type", ApiKeyCredentialModel.TYPE)
                        .getResultStream())
                .findFirst();
    }

    /**
     * Lets one transaction at a time add keys to a user, on whichever node, so that two that count at the same moment do
     * not both find room. Users who live in a user storage have no row to lock.
     */
    void lock(UserModel holder) {
        em.createQuery("select u from UserEntity u where u.id = :id", Object.class)
                .setParameter("id", holder.getId())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList();
    }
}
