package io.apikeys.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.ResourceServer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A key whose holder is in the user cache costs no SQL. Counted as the connections that requests take from the pool: who
 * takes none has sent no statement.
 */
class HotKeyIT {

    private static final String CONNECTIONS = "agroal_acquire_count_total";
    private static final int TIMES = 50;

    private final TestRealm realm = TestRealm.create();
    private final RawKey key = realm.keyOfSomebody();
    private final App desk = realm.clients().exchanger("desk");
    private final ResourceServer reports = realm.clients().existingResourceServer("desk");

    HotKeyIT() {
        realm.events().keepNone();
    }

    @Test
    void atTheGatewayCheck() {
        assertNoSql(
                () -> assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200));
    }

    /** Keycloak's realm cache knows what the restrictions name. */
    @Test
    void alsoIfItIsRestricted() {
        realm.users().giveRole(realm.users().existing("somebody"), "reader");
        RawKey restricted = realm.key(
                realm.users().existing("somebody"),
                Map.of(
                        "name",
                        "restricted",
                        "restrictions",
                        Map.of(
                                "realmRoles", List.of("reader"),
                                "clientRoles", Map.of("account", List.of("view-profile")),
                                "scopes", List.of("email"))));

        assertNoSql(() -> assertThat(realm.gateway()
                        .ask(restricted.raw(), "include=roles,email")
                        .headers()
                        .firstValue("X-Auth-Roles"))
                .hasValueSatisfying(roles -> assertThat(roles).contains("reader")));
        realm.admin().roles().deleteRole("reader");
        assertNoSql(() ->
                assertThat(realm.gateway().check(restricted.raw()).statusCode()).isEqualTo(200));
    }

    @Test
    void atIntrospection() {
        assertNoSql(() -> assertThat(reports.introspect(key.raw()).isActive()).isTrue());
    }

    /** Where it is on, Keycloak looks for another user of the same name each time, here as at the password grant. */
    @Test
    void atTokenExchangeWithoutVerifyProfile() {
        realm.requiredActions().disable("VERIFY_PROFILE");

        assertNoSql(() -> assertThat(desk.exchange(key.raw()).status()).isEqualTo(200));
    }

    @Test
    void butOfAHolderWhoIsNotInTheCache() {
        realm.gateway().check(key.raw());
        double before = connections();
        realm.admin().clearUserCache();
        double cleared = connections();

        realm.gateway().check(key.raw());

        assertThat(connections() - cleared)
                .as("what this test counts is there to be counted")
                .isPositive();
        assertThat(cleared).isGreaterThanOrEqualTo(before);
    }

    /** The server has work of its own now and then, so that one quiet series out of a few is what counts. */
    private static void assertNoSql(Runnable request) {
        request.run();
        request.run();
        double least = Double.MAX_VALUE;
        for (int series = 0; series < 20 && least > 0; series++) {
            double before = connections();
            for (int i = 0; i < TIMES; i++) {
                request.run();
            }
            least = Math.min(least, connections() - before);
        }
        assertThat(least).as("connections taken for " + TIMES + " requests").isZero();
    }

    private static double connections() {
        return KeycloakServer.running().metric(CONNECTIONS);
    }
}
