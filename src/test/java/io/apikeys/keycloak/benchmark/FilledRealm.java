package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.DatabaseServer;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A realm with many users who hold a key each. They come into the database by SQL, with as little as an administrator's
 * request to create them writes.
 *
 * @param keys those that somebody knows; the hashes of the others are of nothing
 */
record FilledRealm(RealmRequests requests, List<ApiKey> keys) {

    private static final String FILL = """
            create temporary table holder (n int, user_id text, key_id text, hash text, hint text);
            insert into holder values
            :known:;
            insert into holder
              select n, gen_random_uuid()::text, gen_random_uuid()::text, 'x', 'kck_…abcdef'
              from generate_series(:from:, :users:) n;
            create temporary table filled as select id, default_role from realm where name = ':realm:';
            insert into user_entity (id, username, email, email_constraint, first_name, last_name, realm_id, enabled,
                email_verified, created_timestamp, not_before)
              select h.user_id, 'holder' || n, 'holder' || n || '@example.org', 'holder' || n || '@example.org', 'Holder',
                'Example', r.id, true, false, 1700000000000, 0
              from holder h, filled r;
            insert into user_role_mapping (user_id, role_id) select h.user_id, r.default_role from holder h, filled r;
            insert into credential (id, type, user_id, created_date, user_label, secret_data, credential_data, priority)
              select key_id, 'api-key', user_id, 1700000000000, 'key',
                '{"algorithm":"SHA-256","hash":"' || hash || '"}', '{"hint":"' || hint || '","enabled":true}', 10
              from holder;
            insert into api_key (id, realm_id, user_id, hint, search_text, disabled, limited, created_at)
              select h.key_id, r.id, h.user_id, h.hint, lower('key' || chr(10) || h.hint), false, false, 1700000000000
              from holder h, filled r;
            analyze;
            """;

    /**
     * Makes one.
     *
     * @param known how many keys somebody knows
     */
    static FilledRealm create(DatabaseServer database, int users, int known) throws IOException, InterruptedException {
        RealmRequests requests = RealmRequests.ofNewRealm();
        SecureRandom random = new SecureRandom();
        List<ApiKey> keys = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (int i = 1; i <= Math.min(known, users); i++) {
            ApiKey key = ApiKey.generate("kck", UUID.randomUUID().toString(), random);
            keys.add(key);
            rows.add("(%d, '%s', '%s', '%s', '%s')"
                    .formatted(i, key.holderId(), UUID.randomUUID(), key.hash().hash(), key.hint()));
        }
        Sql.run(
                database,
                FILL.replace(":known:", String.join(",\n", rows))
                        .replace(":from:", "" + (keys.size() + 1))
                        .replace(":users:", "" + users)
                        .replace(":realm:", requests.realm().name()));
        return new FilledRealm(requests, keys);
    }

    /** Returns a gateway check of each known key. */
    List<Request> checks() {
        return keys.stream().map(key -> requests.gatewayCheck(key.reveal())).toList();
    }
}
