package io.apikeys.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.DatabaseServer;
import io.apikeys.keycloak.support.KeycloakNode;
import io.apikeys.keycloak.support.Shell;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Limits across two nodes of a cluster, one of which may be killed, and a database that is away for a while. */
class TwoNodesIT {

    private static final String HOLDER = UUID.randomUUID().toString();
    private static final ApiKey SHARED = key();
    private static final ApiKey KILLED = key();
    private static final ApiKey OUTAGE = key();
    private static final ApiKey STOPPED = key();
    private static final ApiKey UNLIMITED = key();
    private static final int QUOTA = 6_000;

    /** The most that a node takes ahead ({@code KeyLimits}). */
    private static final int LONGEST_LEASE = 1_024;

    private static DatabaseServer database;
    private static KeycloakNode first;
    private static KeycloakNode second;

    private static ApiKey key() {
        return ApiKey.generate("kck", HOLDER, new SecureRandom());
    }

    @BeforeAll
    static void start() throws Exception {
        boolean there = DatabaseServer.hasPostgres() && "distribution".equals(System.getProperty("keycloak.runtime"));
        if (!there) {
            System.err.println("TwoNodesIT is skipped: it needs PostgreSQL, and Keycloak as a process.");
        }
        assumeTrue(there, "needs PostgreSQL, and Keycloak as a process");
        database = DatabaseServer.postgres();
        String limits = "\"limits\":{\"quota\":{\"remaining\":" + QUOTA + "},\"since\":1}";
        String realm = KeycloakNode.realm(
                HOLDER, List.of(SHARED, KILLED, OUTAGE, STOPPED, UNLIMITED), key -> key == UNLIMITED ? "" : limits);
        first = KeycloakNode.start("node1", database, realm);
        second = KeycloakNode.start("node2", database, null);
        // An imported key works at once; its record, in which uses are counted, is made a minute later.
        await().atMost(Duration.ofMinutes(2)).until(() -> uses(UNLIMITED) >= 0);
    }

    @AfterAll
    static void stop() {
        if (database != null) {
            first.close();
            second.close();
            database.close();
        }
    }

    @Test
    void togetherTheyLetNotOneMoreThrough() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        load(List.of(first, second), SHARED, accepted, Duration.ofMinutes(1), () -> accepted.get() >= QUOTA);
        load(List.of(first, second), SHARED, accepted, Duration.ofSeconds(3), () -> false);

        assertThat(accepted).hasValue(QUOTA);
    }

    @Test
    void aKilledNodeTakesNoMoreThanItsLeaseAlong() throws Exception {
        KeycloakNode third = KeycloakNode.start("node3", database, null);
        AtomicInteger accepted = new AtomicInteger();
        ExecutorService killer = Executors.newSingleThreadExecutor();
        Future<?> killed = killer.submit(() -> {
            await().atMost(Duration.ofMinutes(1)).until(() -> accepted.get() > QUOTA / 10);
            third.kill();
        });
        load(List.of(third), KILLED, accepted, Duration.ofMinutes(1), killed::isDone);
        killed.get();
        killer.shutdown();

        load(List.of(first), KILLED, accepted, Duration.ofMinutes(1), () -> first.check(KILLED) == 429);

        // Eight answers may have been on their way, and the last check above counts as well.
        assertThat(accepted.get()).isBetween(QUOTA - LONGEST_LEASE - 16, QUOTA);
    }

    @Test
    void aNodeThatStopsLosesNothing() throws Exception {
        KeycloakNode stopping = KeycloakNode.start("node4", database, null);
        AtomicInteger accepted = new AtomicInteger();
        load(List.of(stopping), STOPPED, accepted, Duration.ofMinutes(1), () -> accepted.get() > QUOTA / 10);

        stopping.close();

        assertThat(uses(STOPPED)).isEqualTo(accepted.get());
        AtomicInteger rest = new AtomicInteger();
        load(List.of(first), STOPPED, rest, Duration.ofMinutes(1), () -> rest.get() >= QUOTA - accepted.get());
        assertThat(accepted.get() + rest.get()).isEqualTo(QUOTA);
    }

    @Test
    void whileTheDatabaseIsAwayThereAreErrorsAndAfterwardsNothingIsMissing() throws Exception {
        assertThat(first.check(UNLIMITED)).isEqualTo(200);
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger errors = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService user = Executors.newFixedThreadPool(2);
        Future<?> use = user.submit(() -> {
            while (!over.get()) {
                int status = first.check(OUTAGE);
                (status == 200 ? accepted : errors).incrementAndGet();
                Thread.sleep(5);
            }
            return null;
        });
        Thread.sleep(2_000);
        int before = accepted.get();
        database.crash();
        Instant away = Instant.now();
        while (Instant.now().isBefore(away.plusSeconds(30))) {
            assertThat(first.check(UNLIMITED)).as("a hot key needs no database").isEqualTo(200);
            Thread.sleep(200);
        }
        assertThat(errors).hasPositiveValue();
        database.resume();

        await().atMost(Duration.ofMinutes(1)).until(() -> first.check(OUTAGE) == 200);
        int after = accepted.get();
        await().atMost(Duration.ofSeconds(20)).until(() -> accepted.get() > after);
        over.set(true);
        use.get();
        user.shutdown();
        load(List.of(first, second), OUTAGE, accepted, Duration.ofMinutes(1), () -> second.check(OUTAGE) == 429);

        assertThat(before).isPositive();
        assertThat(accepted.get()).isLessThanOrEqualTo(QUOTA);
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(uses(UNLIMITED))
                        .as("uses while the database was away")
                        .isGreaterThan(100));
    }

    /** How often a key was used, as it is written in the database; -1 if nothing is. */
    private static int uses(ApiKey key) throws Exception {
        Shell.Result count = Shell.run(new ProcessBuilder(
                "psql",
                "-At",
                database.postgresUrl("keycloak"),
                "-c",
                "select k.use_count from api_key k join credential c on c.id = k.id where c.secret_data like '%"
                        + key.hash().hash() + "%'"));
        return count.output().isBlank() ? -1 : Integer.parseInt(count.output().strip());
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /** Uses a key at some nodes with eight threads until a condition holds; counts what is accepted. */
    private static void load(
            List<KeycloakNode> nodes, ApiKey key, AtomicInteger accepted, Duration longest, Condition until)
            throws Exception {
        Instant end = Instant.now().plus(longest);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> work = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            KeycloakNode node = nodes.get(i % nodes.size());
            work.add(threads.submit(() -> {
                while (!over.get()) {
                    if (node.check(key) == 200) {
                        accepted.incrementAndGet();
                    }
                }
            }));
        }
        while (!until.holds() && Instant.now().isBefore(end)) {
            Thread.sleep(100);
        }
        over.set(true);
        for (Future<?> each : work) {
            each.get();
        }
        threads.shutdown();
    }
}
