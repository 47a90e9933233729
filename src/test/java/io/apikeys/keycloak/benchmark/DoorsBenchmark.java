package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.support.ResourceServer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How fast the doors are, each against something that Keycloak does anyway. */
record DoorsBenchmark(Options options) implements Part {

    static final String CHECK = "gateway check";
    static final String LIMITED = "gateway check of a key with limits";

    /** More than the load uses up, so that every check is one that counts. */
    static final Map<String, Object> LIMITS = Map.of(
            "rateLimit",
            Map.of("max", 1_000_000_000, "windowSeconds", 86_400),
            "quota",
            Map.of("remaining", 1_000_000_000));

    private static final String EMPTY = "empty realm resource";
    private static final String USERINFO = "userinfo";
    private static final String WITH_TOKEN = "gateway check with token";
    private static final String TOKEN = "introspect an access token";
    private static final String KEY = "introspect a key";
    private static final String CREDENTIALS = "client credentials";
    private static final String EXCHANGE = "exchange a key";
    private static final String UNVERIFIED = ", without Verify Profile";

    @Override
    public Section run() throws IOException, InterruptedException {
        Map<String, Request> requests = requests();
        Rounds rounds = new Rounds(options);
        Series rates = rounds.topRates(requests);
        Map<String, Request> timed = new LinkedHashMap<>(requests);
        timed.keySet().retainAll(List.of(CHECK, KEY, EXCHANGE));
        return new Section(
                "Entry points",
                "Top rates by ab on " + Load.CONNECTIONS + " connections; latencies by hey at half of the top rate.",
                List.of(
                        rates.chart("Top rates", "requests/s"),
                        rounds.latencies(timed, rates).chart("Latencies at half of the top rate", "ms")),
                List.of(
                        rates.atLeast(CHECK, 0.75, EMPTY),
                        rates.atLeast(CHECK, 3.0, USERINFO),
                        rates.atLeast(KEY, 2.5, TOKEN),
                        rates.atLeast(EXCHANGE, 1.0, CREDENTIALS),
                        rates.atLeast(EXCHANGE + UNVERIFIED, 1.2, CREDENTIALS + UNVERIFIED),
                        rates.atLeast(WITH_TOKEN, 0.7, CHECK),
                        rates.atLeast(LIMITED, 0.85, CHECK)));
    }

    private static Map<String, Request> requests() {
        RealmRequests requests = RealmRequests.ofNewRealm();
        TestRealm realm = requests.realm();
        User alice = realm.user("alice");
        String key = realm.key(alice).raw();
        String limited =
                realm.key(alice, Map.of("name", "limited", "limits", LIMITS)).raw();
        String token = realm.app().passwordGrant("alice", TestRealm.PASSWORD).access();
        requireActive(realm.clients().existingResourceServer(requests.client()), key, token);
        RealmRequests unverified = RealmRequests.ofNewRealm();
        unverified.realm().requiredActions().disable("VERIFY_PROFILE");
        String keyOfUnverified = unverified.realm().keyOfSomebody().raw();

        Map<String, Request> all = new LinkedHashMap<>();
        all.put("public realm resource", requests.publicResource());
        all.put(EMPTY, requests.emptyResource());
        all.put(USERINFO, requests.userinfo(token));
        all.put(CHECK, requests.gatewayCheck(key));
        all.put(LIMITED, requests.gatewayCheck(limited));
        all.put(WITH_TOKEN, requests.gatewayCheckWithToken(key));
        all.put(TOKEN, requests.introspection(token));
        all.put(KEY, requests.introspection(key));
        all.put(CREDENTIALS, requests.clientCredentials());
        all.put(EXCHANGE, requests.exchange(key));
        all.put(CREDENTIALS + UNVERIFIED, unverified.clientCredentials());
        all.put(EXCHANGE + UNVERIFIED, unverified.exchange(keyOfUnverified));
        return all;
    }

    /** Introspection answers well about what is not active, too. */
    private static void requireActive(ResourceServer server, String... keysAndTokens) {
        for (String each : keysAndTokens) {
            if (!server.introspect(each).isActive()) {
                throw new IllegalStateException("The client may not introspect what it is to introspect.");
            }
        }
    }
}
