package io.apikeys.keycloak.restriction.object;

import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of objects of a realm that restrictions name, each in a part of its own. */
public enum ObjectKind {
    REALM_ROLE("realmRoles"),
    CLIENT_ROLE("clientRoles"),
    CLIENT_SCOPE("scopes"),
    CLIENT("clients"),
    ORGANIZATION("organization");

    private final String part;

    ObjectKind(String part) {
        this.part = part;
    }

    /** Returns the name of the part that names objects of this kind. */
    public String part() {
        return part;
    }

    /** Returns the kind of the objects that a part names; empty if it names none. */
    public static Optional<ObjectKind> in(String part) {
        return Stream.of(values()).filter(kind -> kind.part.equals(part)).findFirst();
    }

    /** Returns the name of an object of this kind, which is no client role. */
    public ObjectName named(String name) {
        return new ObjectName(this, null, name);
    }
}
