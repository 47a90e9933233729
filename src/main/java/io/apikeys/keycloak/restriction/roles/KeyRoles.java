package io.apikeys.keycloak.restriction.roles;

import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.keycloak.models.ClientModel;
import org.keycloak.models.RoleModel;

/**
 * The roles of a key as shown to services that accept it.
 *
 * @param realm names of realm roles
 * @param clients names of client roles, by client id
 */
public record KeyRoles(SortedSet<String> realm, SortedMap<String, SortedSet<String>> clients) {

    /**
     * Returns the roles that the key allows.
     *
     * @param held the roles of its holder, with composites expanded
     */
    public static KeyRoles of(Stream<RoleModel> held, Predicate<RoleModel> allowed) {
        SortedSet<String> realm = new TreeSet<>();
        SortedMap<String, SortedSet<String>> clients = new TreeMap<>();
        held.filter(allowed).forEach(role -> {
            if (role.getContainer() instanceof ClientModel client) {
                clients.computeIfAbsent(client.getClientId(), unused -> new TreeSet<>())
                        .add(role.getName());
            } else {
                realm.add(role.getName());
            }
        });
        return new KeyRoles(realm, clients);
    }

    /**
     * Returns each role as text: the name of a realm role, or {@code client:role} for a client role.
     *
     * @param name writes a name
     */
    public Stream<String> flat(UnaryOperator<String> name) {
        return Stream.concat(
                realm.stream().map(name), clients.entrySet().stream().flatMap(client -> rolesOf(client, name)));
    }

    private static Stream<String> rolesOf(Map.Entry<String, SortedSet<String>> client, UnaryOperator<String> name) {
        return client.getValue().stream().map(role -> name.apply(client.getKey()) + ":" + name.apply(role));
    }
}
