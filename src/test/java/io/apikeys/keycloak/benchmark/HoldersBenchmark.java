package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keycloak.representations.idm.RoleRepresentation;

/** Whether the gateway check takes longer when the holder has many keys or many roles. */
record HoldersBenchmark(Options options) implements Part {

    private static final double WITHIN = 0.9;

    @Override
    public Section run() throws IOException, InterruptedException {
        RealmRequests requests = RealmRequests.ofNewRealm();
        TestRealm realm = requests.realm();
        Map<String, Request> subjects = new LinkedHashMap<>();
        for (int keys : new int[] {1, 10, 100}) {
            subjects.put(
                    keys(keys), requests.gatewayCheck(holderOfKeys(realm, keys).raw()));
        }
        for (int roles : new int[] {10, 200}) {
            subjects.put(
                    roles(roles),
                    requests.gatewayCheck(holderOfRoles(realm, roles).raw()));
        }
        Series rates = new Rounds(options).topRates(subjects);
        return new Section(
                "Holders with many keys or roles",
                "Gateway check of the holder's last key, by ab on " + Load.CONNECTIONS + " connections.",
                List.of(rates.chart("Top rates of the gateway check", "requests/s")),
                List.of(
                        rates.atLeast(keys(10), WITHIN, keys(1)),
                        rates.atLeast(keys(100), WITHIN, keys(1)),
                        rates.atLeast(roles(10), WITHIN, keys(1)),
                        rates.atLeast(roles(200), WITHIN, keys(1))));
    }

    private static String keys(int number) {
        return number == 1 ? "holder with 1 key" : "holder with " + number + " keys";
    }

    private static String roles(int number) {
        return "holder with 1 key and " + number + " roles";
    }

    private static RawKey holderOfKeys(TestRealm realm, int number) {
        User holder = realm.user("keys-" + number);
        for (int i = 1; i < number; i++) {
            realm.key(holder);
        }
        return realm.key(holder);
    }

    private static RawKey holderOfRoles(TestRealm realm, int number) {
        User holder = realm.user("roles-" + number);
        String prefix = "of-" + number + "-";
        for (int i = 0; i < number; i++) {
            realm.users().makeRole(prefix + i);
        }
        List<RoleRepresentation> roles = realm.admin().roles().list().stream()
                .filter(role -> role.getName().startsWith(prefix))
                .toList();
        if (roles.size() != number) {
            throw new IllegalStateException(roles.size() + " roles were made, not " + number);
        }
        realm.admin().users().get(holder.id()).roles().realmLevel().add(roles);
        return realm.key(holder);
    }
}
