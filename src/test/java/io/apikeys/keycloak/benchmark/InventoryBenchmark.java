package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.TestRealm;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long the list of a realm with 100,000 keys takes, from its first page to its last. */
record InventoryBenchmark() implements Part {

    private static final int KEYS = 100_000;
    private static final int TIMES = 21;
    private static final double GOAL = 5;

    private static final String FIRST = "first page";
    private static final String LAST = "last page";

    /** A thousand users with a hundred keys each, half of them with an end; a key needs no secret to be listed. */
    private static final String FILL = """
            insert into user_entity (id, username, realm_id, enabled, email_verified, not_before)
              select gen_random_uuid()::text, 'holder' || u, r.id, true, false, 0
              from realm r, generate_series(1, 1000) u where r.name = ':realm:';
            insert into credential (id, type, user_id, created_date, user_label, secret_data, credential_data, priority)
              select gen_random_uuid()::text, 'api-key', u.id, 1700000000000 + k * 1000, 'key ' || k,
                '{"algorithm":"SHA-256","hash":"x"}', '{"hint":"kck_…abcdef","enabled":true}', 10 * k
              from user_entity u join realm r on r.id = u.realm_id, generate_series(1, 100) k where r.name = ':realm:';
            insert into api_key (id, realm_id, user_id, hint, search_text, disabled, limited, created_at, expires_at)
              select c.id, u.realm_id, u.id, 'kck_…abcdef', c.user_label || chr(10) || 'kck_…abcdef', false, false, c.created_date,
                case when c.priority % 20 = 0 then 4000000000000 + c.priority end
              from credential c join user_entity u on u.id = c.user_id join realm r on r.id = u.realm_id
              where r.name = ':realm:' and c.type = 'api-key';
            analyze;
            """;

    @Override
    public Section run() throws IOException, InterruptedException {
        TestRealm realm = TestRealm.create();
        Sql.run(KeycloakServer.running().databaseServer().orElseThrow(), FILL.replace(":realm:", realm.name()));
        Map<String, Map<String, String>> queries = new LinkedHashMap<>();
        queries.put(FIRST, Map.of("first", "0"));
        queries.put("page in the middle", Map.of("first", "" + KEYS / 2));
        queries.put(LAST, Map.of("first", "" + (KEYS - 100)));
        queries.put("search by name", Map.of("search", "key 77"));
        queries.put("search by username", Map.of("search", "holder777"));
        queries.put("expiring, last page", Map.of("expiresBefore", "2200-01-01T00:00:00Z", "first", "49900"));
        Series times = new Series();
        for (Map<String, String> query : queries.values()) {
            millis(realm, query);
        }
        for (int i = 0; i < TIMES; i++) {
            for (Map.Entry<String, Map<String, String>> query : queries.entrySet()) {
                times.add(query.getKey(), millis(realm, query.getValue()));
            }
        }
        return new Section(
                "List of 100,000 keys",
                "Pages of 100 keys, of a thousand users with a hundred keys each; median of " + TIMES + ".",
                List.of(times.chart("Time of an answer", "ms")),
                List.of(Goal.atMost(LAST, FIRST, times.ratio(LAST, FIRST), GOAL)));
    }

    private static double millis(TestRealm realm, Map<String, String> query) {
        long start = System.nanoTime();
        int status = realm.keys().list(query).status();
        if (status != 200) {
            throw new IllegalStateException(query + " answered " + status);
        }
        return (System.nanoTime() - start) / 1e6;
    }
}
