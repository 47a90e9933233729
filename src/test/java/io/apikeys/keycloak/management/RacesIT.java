package io.apikeys.keycloak.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.KeysApi.Answer;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import jakarta.ws.rs.InternalServerErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two changes of one key at the same moment: none is lost, and who comes too late is told so. */
class RacesIT {

    private static final int ROUNDS = 25;

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final KeysApi own = realm.keysOf(alice);
    private final KeysApi administrator = realm.keys();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        threads.shutdown();
    }

    @Test
    void aRenameDoesNotUndoWhatAnAdministratorDisables() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RawKey key = realm.key(alice);
            String name = "renamed " + round;

            List<Integer> statuses = atOnce(
                    () -> own.change(key.id(), Map.of("name", name)),
                    () -> administrator.change(key.id(), Map.of("enabled", false)));

            assertThat(statuses).containsExactly(200, 200);
            Answer after = own.get(key.id());
            assertThat(after.shown().name()).isEqualTo(name);
            assertThat(after.shown().isEnabled()).isFalse();
            assertThat(after.shown().disabledBy()).isEqualTo("administrator");
            assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aKeyThatRotatesItselfTwiceAtOnceHasOneSuccessor() throws Exception {
        realm.setPolicy(Map.of("key-sessions-manage-keys", "true"));
        for (int round = 0; round < ROUNDS; round++) {
            KeysApi withKey = KeysApi.selfService(realm, realm.key(alice).raw());

            List<Integer> statuses = atOnce(
                    () -> withKey.rotateItself("{\"graceSeconds\":60}"),
                    () -> withKey.rotateItself("{\"graceSeconds\":60}"));

            assertThat(statuses).containsExactlyInAnyOrder(201, 409);
        }
    }

    @Test
    void aHolderWhoEnablesDoesNotUndoWhatAnAdministratorDisables() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RawKey key = realm.key(alice);
            own.change(key.id(), Map.of("enabled", false));

            List<Integer> statuses = atOnce(
                    () -> own.change(key.id(), Map.of("enabled", true)),
                    () -> administrator.change(key.id(), Map.of("enabled", false)));

            assertThat(statuses.get(0)).isIn(200, 403);
            assertThat(statuses.get(1)).isEqualTo(200);
            assertThat(own.get(key.id()).shown().isEnabled()).isFalse();
        }
    }

    @Test
    void aRenameDoesNotUndoWhatAnAdministratorRestricts() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RawKey key = realm.key(alice);
            String name = "renamed " + round;

            List<Integer> statuses = atOnce(
                    () -> own.change(key.id(), Map.of("name", name)),
                    () -> administrator.change(key.id(), Map.of("restrictions", Map.of("scopes", List.of("email")))));

            assertThat(statuses).containsExactly(200, 200);
            Answer after = own.get(key.id());
            assertThat(after.shown().name()).isEqualTo(name);
            assertThat(after.body().at("/restrictions/scopes")).hasToString("[\"email\"]");
        }
    }

    @Test
    void twoPartsOfAKeysRestrictionsAreNarrowedBoth() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RawKey key = realm.key(alice);

            List<Integer> statuses = atOnce(
                    () -> own.change(key.id(), Map.of("restrictions", Map.of("cidrs", List.of("192.0.2.0/24")))),
                    () -> administrator.change(key.id(), Map.of("restrictions", Map.of("scopes", List.of("email")))));

            assertThat(statuses).containsExactly(200, 200);
            assertThat(own.get(key.id()).body().get("restrictions"))
                    .hasToString("{\"scopes\":[\"email\"],\"cidrs\":[\"192.0.2.0/24\"]}");
        }
    }

    @Test
    void aKeyIsRotatedOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RawKey key = realm.key(alice);

            List<Integer> statuses =
                    atOnce(() -> own.rotate(key.id(), null), () -> administrator.rotate(key.id(), null));

            assertThat(statuses).containsExactlyInAnyOrder(201, 404);
            assertThat(own.list(Map.of()).keys()).hasSize(round + 1);
        }
    }

    @Test
    void aKeyIsEitherRotatedOrDeleted() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RawKey key = realm.key(alice);
            int before = own.list(Map.of()).keys().size();

            List<Integer> statuses = atOnce(() -> own.rotate(key.id(), null), () -> administrator.delete(key.id()));

            assertThat(statuses).isIn(List.of(201, 404), List.of(404, 204));
            assertThat(own.list(Map.of()).keys()).hasSize(statuses.get(0) == 201 ? before : before - 1);
            assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aKeyIsDeletedOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RawKey key = realm.key(alice);
            realm.key(alice);

            assertThat(atOnce(() -> own.delete(key.id()), () -> administrator.delete(key.id())))
                    .containsExactlyInAnyOrder(204, 404);
        }
    }

    @Test
    void aKeyIsEitherDisabledOrRotated() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RawKey key = realm.key(alice);

            List<Integer> statuses = atOnce(
                    () -> administrator.change(key.id(), Map.of("enabled", false)), () -> own.rotate(key.id(), null));

            assertThat(statuses).isIn(List.of(200, 409), List.of(404, 201));
        }
    }

    @Test
    void keysOfOneHolderAreDeletedSideBySide() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RawKey first = realm.key(alice);
            RawKey second = realm.key(alice);

            assertThat(atOnce(() -> own.delete(first.id()), () -> administrator.delete(second.id())))
                    .containsExactly(204, 204);
        }
        assertThat(own.list(Map.of()).keys()).isEmpty();
    }

    @Test
    void keycloaksOwnDeletionMayComeFirst() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RawKey key = realm.key(alice);

            List<Integer> statuses =
                    atOnce(() -> own.change(key.id(), Map.of("enabled", false)), () -> deletedByKeycloak(key));

            assertThat(statuses.get(0)).isIn(200, 404, 409);
            assertThat(own.get(key.id()).status()).isEqualTo(404);
            assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        }
    }

    /** Keycloak takes no lock, and answers a server error when it comes too late; it is asked again then. */
    private Answer deletedByKeycloak(RawKey key) {
        while (own.get(key.id()).status() == 200) {
            try {
                realm.admin().users().get(alice.id()).removeCredential(key.id());
            } catch (InternalServerErrorException cameTooLate) {
                assertThat(cameTooLate.getResponse().getStatus()).isEqualTo(500);
            }
        }
        return own.get(key.id());
    }

    /** The statuses of two requests that are sent at the same moment. */
    private List<Integer> atOnce(Callable<Answer> one, Callable<Answer> other) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        List<Future<Integer>> answers = new ArrayList<>();
        for (Callable<Answer> request : List.of(one, other)) {
            answers.add(threads.submit(() -> {
                start.await();
                return request.call().status();
            }));
        }
        return List.of(answers.get(0).get(), answers.get(1).get());
    }
}
