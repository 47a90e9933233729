package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.support.DatabaseServer;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long the list of a realm with 100,000 keys takes, from its first page to its last. */
final class InventoryBenchmark {

    private static final int KEYS = 100_000;
    private static final int TIMES = 21;
    private static final double GOAL = 5;

    /** A thousand users with a hundred keys each, half of them with an end; a key needs no secret to be listed. */
    private static final String FILL = """
            insert into user_entity (id, username, realm_id, enabled, email_verified, not_before)
              select gen_random_uuid()::text, 'holder' || u, r.id, true, false, 0
              from realm r, generate_series(1, 1000) u where r.name = ':realm:';
            insert into credential (id, type, user_id, created_date, user_label, secret_data, credential_data, priority)
              select gen_random_uuid()::text, 'api-key', u.id, 1700000000000 + k * 1000, 'key ' || k,
                '{"algorithm":"SHA-256","hash":"x"}', '{"hint":"kck_…abcdef","enabled":true}', 10 * k
              from user_entity u join realm r on r.id = u.realm_id, generate_series(1, 100) k where r.name = ':realm:';
            insert into api_key (id, realm_id, user_id, hint, created_at, expires_at)
              select c.id, u.realm_id, u.id, 'kck_…abcdef', c.created_date,
                case when c.priority % 20 = 0 then 4000000000000 + c.priority end
              from credential c join user_entity u on u.id = c.user_id join realm r on r.id = u.realm_id
              where r.name = ':realm:' and c.type = 'api-key';
            analyze;
            """;

    private final TestRealm realm;

    private InventoryBenchmark(TestRealm realm) {
        this.realm = realm;
    }

    /** A report of its own. */
    static String run(DatabaseServer database) throws IOException, InterruptedException {
        TestRealm realm = TestRealm.create();
        Shell.Result filled = Shell.run(new ProcessBuilder(
                "psql",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                database.postgresUrl("keycloak"),
                "-c",
                FILL.replace(":realm:", realm.name())));
        if (filled.exitCode() != 0) {
            throw new IllegalStateException(filled.output());
        }
        return new InventoryBenchmark(realm).report();
    }

    private String report() {
        Map<String, Double> millis = new LinkedHashMap<>();
        for (int first : new int[] {0, KEYS / 2, KEYS - 100}) {
            millis.put("page from " + first, median(Map.of("first", "" + first)));
        }
        millis.put("search by name", median(Map.of("search", "key 77")));
        millis.put("search by username", median(Map.of("search", "holder777")));
        millis.put("expiring, last page", median(Map.of("expiresBefore", "2200-01-01T00:00:00Z", "first", "49900")));
        StringBuilder text =
                new StringBuilder("\n| list of " + KEYS + " keys | ms (median of " + TIMES + ") |\n|---|---|\n");
        millis.forEach((what, median) -> text.append(String.format(Locale.ROOT, "| %s | %.1f |%n", what, median)));
        double ratio = millis.get("page from " + (KEYS - 100)) / millis.get("page from 0");
        return text.append(String.format(
                        Locale.ROOT,
                        "%nLast page / first page: %.2f (goal: between %.1f and %.1f)%n",
                        ratio,
                        1 / GOAL,
                        GOAL))
                .toString();
    }

    private double median(Map<String, String> query) {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < TIMES + 3; i++) {
            Instant start = Instant.now();
            int status = realm.keys().list(query).status();
            if (status != 200) {
                throw new IllegalStateException(query + " answered " + status);
            }
            if (i >= 3) {
                times.add(Duration.between(start, Instant.now()).toNanos() / 1e6);
            }
        }
        return times.stream().sorted().toList().get(TIMES / 2);
    }
}
