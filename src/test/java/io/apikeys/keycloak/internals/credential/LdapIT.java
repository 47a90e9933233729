package io.apikeys.keycloak.internals.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.Directory;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.StoredKey;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of users who are in an LDAP server. */
class LdapIT {

    private static final Duration MAX_AGE = Duration.ofSeconds(KeycloakServer.USER_STORAGE_SECONDS);
    private static final Duration SOON = MAX_AGE.plusSeconds(20);

    private final Directory directory = new Directory();
    private final TestRealm realm = TestRealm.create();

    LdapIT() throws Exception {
        directory.add("alice");
        directory.add("bob");
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theInventoryKnowsUsernamesAlsoWhileTheServerIsAway(boolean imported) throws Exception {
        directory.connect(realm, imported);
        User alice = user("alice");
        RawKey laptop = realm.key(alice, Map.of("name", "laptop"));
        RawKey phone = realm.key(user("bob"), Map.of("name", "phone"));

        assertThat(listed(Map.of("search", "ALIC"))).containsExactly(laptop.id());
        assertThat(listed(Map.of("search", "phone"))).containsExactly(phone.id());
        assertThat(listed(Map.of())).containsExactly(phone.id(), laptop.id());
        assertThat(usernames()).containsExactly("bob", "alice");

        directory.stop();
        realm.admin().clearUserCache();
        assertThat(listed(Map.of())).containsExactly(phone.id(), laptop.id());
        assertThat(usernames()).containsExactly("bob", "alice");
        assertThat(listed(Map.of("search", "alice"))).containsExactly(laptop.id());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aUserWhoIsGoneHasNoKeys(boolean imported) throws Exception {
        directory.connect(realm, imported);
        RawKey laptop = realm.key(user("alice"), Map.of("name", "laptop"));
        RawKey phone = realm.key(user("bob"), Map.of("name", "phone"));
        assertThat(check(laptop)).isEqualTo(200);

        directory.remove("alice");

        await().atMost(SOON).until(() -> check(laptop) == 401);
        assertThat(check(phone)).isEqualTo(200);
        assertThat(listed(Map.of())).containsExactly(phone.id());
    }

    @Test
    void aDisabledUserIsRefused() throws Exception {
        directory.connect(realm, false);
        RawKey laptop = realm.key(user("alice"), Map.of("name", "laptop"));
        assertThat(check(laptop)).isEqualTo(200);

        directory.disable("alice");

        await().atMost(SOON).until(() -> check(laptop) == 401);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keysWorkForAWhileWithoutTheServerAndAgainWhenItIsBack(boolean imported) throws Exception {
        directory.connect(realm, imported);
        RawKey laptop = realm.key(user("alice"), Map.of("name", "laptop"));
        realm.admin().clearUserCache();
        assertThat(check(laptop)).isEqualTo(200);

        directory.stop();
        assertThat(check(laptop)).as("asked about a moment ago").isEqualTo(200);
        await().atMost(SOON).until(() -> check(laptop) == 503);
        HttpResponse<Void> refused = ask(laptop.raw());
        assertThat(refused.headers().firstValue("X-Auth-Error")).contains("holder_unavailable");
        assertThat(refused.headers().firstValue("Retry-After")).contains("30");
        assertThat(refused.headers().map()).doesNotContainKey("X-Auth-User-Id");
        assertThat(realm.clients()
                        .resourceServer("desk")
                        .introspect(laptop.raw())
                        .isActive())
                .isFalse();

        directory.resume();
        assertThat(check(laptop)).isEqualTo(200);
    }

    @Test
    void keysOfItsUsersMoveWithTheRealm() throws Exception {
        String storage = UUID.randomUUID().toString();
        String alice = "f:" + storage + ":alice";
        ApiKey own = ApiKey.generate("kck", alice, new SecureRandom());
        ApiKey foreign = ApiKey.generate("kck", UUID.randomUUID().toString(), new SecureRandom());
        TestRealm moved = TestRealm.importing(representation -> {
            directory.putInto(representation, storage);
            representation.setFederatedUsers(List.of(
                    StoredKey.heldBy(alice, own, "{'hint':'kck_…owning','enabled':true}"),
                    StoredKey.heldBy(alice, foreign, "{'hint':'kck_…foreig','enabled':true}")));
            representation.getFederatedUsers().get(1).getCredentials().get(0).setUserLabel("another");
        });

        for (ApiKey key : List.of(own, foreign)) {
            assertThat(moved.gateway().check(key.reveal()).headers().firstValue("X-Auth-User-Id"))
                    .contains(alice.replace(":", "%3A"));
        }
        assertThat(moved.keys().list(Map.of()).body().findValuesAsText("username"))
                .containsExactly("alice", "alice");
    }

    private User user(String username) {
        return new User(realm.admin().users().search(username, true).get(0).getId(), username);
    }

    private int check(RawKey key) throws IOException, InterruptedException {
        return ask(key.raw()).statusCode();
    }

    /** Asks the gateway check with a client that takes any status. */
    private HttpResponse<Void> ask(String key) throws IOException, InterruptedException {
        URI uri = KeycloakServer.running().uri("/realms/" + realm.name() + "/api-keys/auth");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).header("X-API-Key", key).build(), BodyHandlers.discarding());
    }

    private List<String> listed(Map<String, String> query) {
        return values(query, "id");
    }

    private List<String> usernames() {
        return values(Map.of(), "username");
    }

    private List<String> values(Map<String, String> query, String field) {
        List<String> values = new ArrayList<>();
        for (JsonNode key : realm.keys().list(query).body()) {
            values.add(key.get(field).textValue());
        }
        return values;
    }
}
