package io.apikeys.keycloak.verify;

import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.keycloak.models.ClientModel;
import org.keycloak.models.RoleModel;

/**
 * The roles that a key shows to who accepts it.
 *
 * @param realm names of realm roles
 * @param clients names of client roles, by client id
 */
public record KeyRoles(SortedSet<String> realm, SortedMap<String, SortedSet<String>> clients) {

    /** Those that the key lets through, of these roles of its holder with composites expanded. */
    public static KeyRoles of(Stream<RoleModel> held, AllowedRoles allowed) {
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

    /** Each role as text: a realm role by its name, a client role as {@code client:role}, with the names as they are written. */
    public Stream<String> flat(UnaryOperator<String> name) {
        return Stream.concat(
                realm.stream().map(name), clients.entrySet().stream().flatMap(client -> rolesOf(client, name)));
    }

    private static Stream<String> rolesOf(Map.Entry<String, SortedSet<String>> client, UnaryOperator<String> name) {
        return client.getValue().stream().map(role -> name.apply(client.getKey()) + ":" + name.apply(role));
    }
}
