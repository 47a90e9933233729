package io.apikeys.keycloak.credential;

import io.apikeys.keycloak.internals.credential.HolderStorage;
import java.util.Optional;
import org.keycloak.component.ComponentModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.storage.UserStorageProvider;

/** Finds a user by an untrusted id or username. A text that cannot be either finds no user. */
public record HolderLookup(KeycloakSession session, RealmModel realm) {

    /** The prefix of the id of a user from a user storage: {@code f:<component>:<external id>}. */
    private static final String OF_USER_STORAGE = "f:";

    public Optional<UserModel> byId(String id) {
        return Optional.of(id)
                .filter(HolderLookup::isStorable)
                .filter(this::isLocalOrOfAUserStorage)
                .flatMap(new HolderStorage(session, realm)::find);
    }

    public Optional<UserModel> byUsername(String username) {
        return Optional.of(username)
                .filter(HolderLookup::isStorable)
                .map(known -> session.users().getUserByUsername(realm, known));
    }

    /** Returns whether a database can store a text; some databases answer a query for any other text with an error. */
    public static boolean isStorable(String text) {
        return text.codePoints()
                .noneMatch(character ->
                        Character.isISOControl(character) || Character.getType(character) == Character.SURROGATE);
    }

    /** Returns whether an id is local or names a user storage; Keycloak does not check the parts of an id. */
    private boolean isLocalOrOfAUserStorage(String id) {
        if (!id.startsWith(OF_USER_STORAGE)) {
            return true;
        }
        String[] parts = id.split(":", 3);
        ComponentModel storage = parts.length == 3 ? realm.getComponent(parts[1]) : null;
        return storage != null && UserStorageProvider.class.getName().equals(storage.getProviderType());
    }
}
