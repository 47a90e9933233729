package io.apikeys.keycloak.restriction;

import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.restriction.object.ObjectName;
import io.apikeys.keycloak.restriction.object.RealmObjects;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;

/**
 * The rules for restricting a key: a restriction may name only objects of the realm, so that a typing error is not
 * mistaken for a restriction, and a holder may name only the holder's own roles.
 *
 * @param realm the holder's realm
 * @param organizations the holder's organizations
 * @param mayName tells whether a role may be named
 * @param mayWiden whether restrictions may be removed
 */
public record RestrictionRules(
        RealmModel realm, HolderOrganizations organizations, Predicate<RoleModel> mayName, boolean mayWiden) {

    public static RestrictionRules forHolder(KeycloakSession session, RealmModel realm, UserModel holder) {
        return new RestrictionRules(realm, new HolderOrganizations(session, holder), holder::hasRole, false);
    }

    public static RestrictionRules forAdministrator(KeycloakSession session, RealmModel realm, UserModel holder) {
        return new RestrictionRules(realm, new HolderOrganizations(session, holder), any -> true, true);
    }

    /**
     * Returns the restrictions of a key that is changed, with the ids of what they name now.
     *
     * @throws InvalidKeyException if they are not allowed
     */
    public StoredRestrictions changed(StoredRestrictions current, StoredRestrictions asked) throws InvalidKeyException {
        StoredRestrictions bound = bind(asked, current);
        check(bound, current);
        return bound;
    }

    /**
     * Returns requested restrictions with the ids of what they name now.
     *
     * @param current the key's current restrictions, or those of the key that makes it
     * @throws InvalidKeyException if there are too many entries
     */
    public StoredRestrictions bind(StoredRestrictions asked, StoredRestrictions current) throws InvalidKeyException {
        for (RestrictionPart<?> part : Restrictions.PARTS) {
            check(part, asked.named(), current.named());
        }
        return asked.bound(current, objects());
    }

    private <T> void check(RestrictionPart<T> part, Restrictions asked, Restrictions current)
            throws InvalidKeyException {
        T value = asked.get(part);
        if (value != null) {
            part.check(value, current.get(part), this);
        }
    }

    /**
     * Checks requested restrictions. What the current ones name as well is not checked again, because it may be deleted.
     *
     * @param bound returned by {@link #bind}
     * @param current the key's current restrictions, or those of the key that makes it
     * @throws InvalidKeyException if they are not allowed
     */
    public void check(StoredRestrictions bound, StoredRestrictions current) throws InvalidKeyException {
        for (Map.Entry<ObjectName, Optional<String>> added :
                bound.added(current, objects()).entrySet()) {
            require(added.getKey(), added.getValue());
        }
        RestrictionPart<?> widened = partWidened(bound, current);
        if (widened != null && !mayWiden) {
            throw widened.invalid(
                    "A key can be restricted further, but only an administrator can relax its restrictions.");
        }
    }

    /**
     * Returns the first part in which restrictions allow more than others, as both apply now. All names are then those
     * of present objects, so that the same name is the same object.
     */
    public @Nullable RestrictionPart<?> partWidened(StoredRestrictions restrictions, StoredRestrictions against) {
        return restrictions.in(objects()).partWidenedAgainst(against.in(objects()));
    }

    private RealmObjects objects() {
        return RealmObjects.of(organizations.session(), realm);
    }

    private void require(ObjectName name, Optional<String> id) throws InvalidKeyException {
        if (id.filter(found -> mayName(name, found)).isEmpty()) {
            throw RestrictionPart.invalid(
                    name.field(),
                    switch (name.kind()) {
                        case REALM_ROLE, CLIENT_ROLE ->
                            "There is no role '" + name.name() + "' that the key could have.";
                        case CLIENT_SCOPE -> "There is no client scope '" + name.name() + "'.";
                        case CLIENT -> noClient(name.name());
                        case ORGANIZATION -> "The holder is not a member of organization '" + name.name() + "'.";
                    });
        }
    }

    private boolean mayName(ObjectName name, String id) {
        return switch (name.kind()) {
            case REALM_ROLE, CLIENT_ROLE -> mayName.test(realm.getRoleById(id));
            case CLIENT_SCOPE, CLIENT -> true;
            case ORGANIZATION -> organizations.find(name.name()).isPresent();
        };
    }

    void requireClient(String field, String clientId) throws InvalidKeyException {
        if (realm.getClientByClientId(clientId) == null) {
            throw RestrictionPart.invalid(field, noClient(clientId));
        }
    }

    private static String noClient(String clientId) {
        return "There is no client '" + clientId + "'.";
    }
}
