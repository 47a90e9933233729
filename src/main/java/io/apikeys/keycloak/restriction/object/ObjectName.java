package io.apikeys.keycloak.restriction.object;

import org.jspecify.annotations.Nullable;

/**
 * The name of an object of a realm, as restrictions name it.
 *
 * @param client the client id of the client of a client role; null for any other kind
 */
public record ObjectName(ObjectKind kind, @Nullable String client, String name) {

    public static ObjectName ofClientRole(String client, String role) {
        return new ObjectName(ObjectKind.CLIENT_ROLE, client, role);
    }

    /** Returns the field of the restrictions that contains this name. */
    public String field() {
        return client == null ? kind.part() : kind.part() + "." + client;
    }

    /** Returns this name behind its field, such as {@code realmRoles.reader} or {@code clientRoles.app.viewer}. */
    public String path() {
        return field() + "." + name;
    }
}
