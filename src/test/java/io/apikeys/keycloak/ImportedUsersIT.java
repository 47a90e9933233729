package io.apikeys.keycloak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.support.StoredKey;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.PartialImportRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** Keys that come with users, as the import of a realm or a partial import brings them: what is listed works, at once. */
class ImportedUsersIT {

    private static final String GOOD = "{'hint':'kck_…abcdef','expiresAt':null,'enabled':true}";

    private final String id = UUID.randomUUID().toString();
    private final ApiKey key = ApiKey.generate("kck", id, new SecureRandom());
    private final String foreign = "mb_" + UUID.randomUUID() + "." + UUID.randomUUID();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeyOfAnotherSystemWorksOnFirstUseAndIsListed(boolean withARealm) {
        UserRepresentation alice = StoredKey.heldBy(id, key, GOOD);
        alice.setCredentials(List.of(credentialOf(foreign)));
        TestRealm realm = withARealm ? TestRealm.importing(List.of(alice)) : TestRealm.create();
        if (!withARealm) {
            assertThat(realm.gateway().check(foreign).statusCode()).isEqualTo(401);
            partialImport(realm, "FAIL", alice);
        }

        assertThat(userOf(realm, foreign)).isEqualTo(id);
        assertThat(hints(realm)).containsExactly("mb_…");
        assertThat(realm.keys()
                        .importKeys(Map.of("userId", id, "name", "again", "hash", hash(foreign)))
                        .body()
                        .get(0)
                        .get("status")
                        .intValue())
                .isEqualTo(409);
    }

    @Test
    void aKeyWorksForAUserWhoHasGotANewId() {
        UserRepresentation alice = StoredKey.heldBy(id, key, GOOD);
        alice.setId(null);
        TestRealm realm = TestRealm.create();
        partialImport(realm, "FAIL", alice);
        String newId = realm.admin().users().search("alice").get(0).getId();

        assertThat(newId).isNotEqualTo(id);
        assertThat(userOf(realm, key.reveal())).isEqualTo(newId);
        assertThat(realm.clients()
                        .resourceServer("desk")
                        .introspect(key.reveal())
                        .isActive())
                .isTrue();
        assertThat(realm.keys().lookUp(key.reveal()).shown().userId()).isEqualTo(newId);
        assertThat(hints(realm)).containsExactly("kck_…abcdef");
    }

    @Test
    void whatIsSkippedStaysAndBringsNothing() {
        TestRealm realm = TestRealm.create();
        User alice = realm.user("alice");
        RawKey own = realm.key(alice);
        partialImport(realm, "SKIP", StoredKey.heldBy(id, key, GOOD));

        assertThat(userOf(realm, own.raw())).isEqualTo(alice.id());
        assertThat(realm.gateway().check(key.reveal()).statusCode()).isEqualTo(401);
        assertThat(ids(realm)).containsExactly(own.id());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsOverwrittenHasTheKeysOfTheFile(boolean withId) {
        TestRealm realm = TestRealm.create();
        User alice = realm.user("alice");
        RawKey own = realm.key(alice);
        realm.keys().importKeys(Map.of("userId", alice.id(), "name", "foreign", "hash", hash(foreign)));
        assertThat(userOf(realm, foreign)).isEqualTo(alice.id());
        UserRepresentation file = StoredKey.heldBy(withId ? id : null, key, GOOD);
        file.setCredentials(List.of(file.getCredentials().get(0), credentialOf(foreign)));
        partialImport(realm, "OVERWRITE", file);
        String newId = realm.admin().users().search("alice").get(0).getId();

        assertThat(realm.gateway().check(own.raw()).statusCode()).isEqualTo(401);
        assertThat(userOf(realm, key.reveal())).isEqualTo(newId);
        assertThat(userOf(realm, foreign)).isEqualTo(newId);
        assertThat(hints(realm)).containsExactlyInAnyOrder("kck_…abcdef", "mb_…");
    }

    @Test
    void aKeyThatNoEntryPointWouldFindIsNotListed() {
        UserRepresentation alice = StoredKey.heldBy(id, key, GOOD);
        CredentialRepresentation damaged = credentialOf(foreign + "damaged");
        damaged.setUserLabel("damaged");
        damaged.setSecretData("{\"algorithm\":\"SHA-256\",\"hash\":\"too short\"}");
        alice.setCredentials(List.of(credentialOf(foreign), damaged));
        UserRepresentation bob = StoredKey.heldBy(UUID.randomUUID().toString(), key, GOOD);
        bob.setUsername("bob");
        bob.setEmail("bob@example.org");
        bob.setCredentials(List.of(credentialOf(foreign)));
        TestRealm realm = TestRealm.importing(List.of(alice, bob));

        assertThat(userOf(realm, foreign)).isEqualTo(id);
        assertThat(hints(realm)).hasSize(1);
        assertThat(realm.admin().users().get(bob.getId()).credentials()).isEmpty();
    }

    @Test
    void replacingTheRealmsAttributesEndsNoKey() {
        UserRepresentation alice = StoredKey.heldBy(id, key, GOOD);
        alice.setCredentials(List.of(credentialOf(foreign)));
        TestRealm realm = TestRealm.importing(List.of(alice));
        RealmRepresentation update = new RealmRepresentation();
        update.setAttributes(Map.of("something", "else"));
        realm.admin().update(update);

        assertThat(userOf(realm, foreign)).isEqualTo(id);
    }

    @Test
    void aCopyOfAHolderHasLimitsOfItsOwn() {
        String limited = "{'hint':'kck_…abcdef','enabled':true,'limits':"
                + "{'quota':{'remaining':1},'since':7,'line':'" + UUID.randomUUID() + "'}}";
        TestRealm first = TestRealm.importing(List.of(StoredKey.heldBy(id, key, limited)));
        UserRepresentation copy = StoredKey.heldBy(null, key, limited);
        TestRealm second = TestRealm.create();
        partialImport(second, "FAIL", copy);

        assertThat(first.gateway().check(key.reveal()).statusCode()).isEqualTo(200);
        assertThat(first.gateway().check(key.reveal()).statusCode()).isEqualTo(429);
        assertThat(second.gateway().check(key.reveal()).statusCode()).isEqualTo(200);
        assertThat(second.gateway().check(key.reveal()).statusCode()).isEqualTo(429);
    }

    private static void partialImport(TestRealm realm, String ifExists, UserRepresentation... users) {
        PartialImportRepresentation file = new PartialImportRepresentation();
        file.setIfResourceExists(ifExists);
        file.setUsers(List.of(users));
        realm.admin().partialImport(file).close();
    }

    private static CredentialRepresentation credentialOf(String foreign) {
        CredentialRepresentation credential = new CredentialRepresentation();
        credential.setType("api-key");
        credential.setUserLabel("of another system");
        credential.setCreatedDate(0L);
        credential.setSecretData("{\"algorithm\":\"SHA-256\",\"hash\":\"" + hash(foreign) + "\"}");
        credential.setCredentialData("{\"v\":1,\"hint\":\"mb_…\",\"enabled\":true}");
        return credential;
    }

    private static String hash(String foreign) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(foreign.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String userOf(TestRealm realm, String key) {
        return realm.gateway().check(key).headers().firstValue("X-Auth-User-Id").orElse("nobody");
    }

    private static List<String> hints(TestRealm realm) {
        return values(realm, "hint");
    }

    private static List<String> ids(TestRealm realm) {
        return values(realm, "id");
    }

    private static List<String> values(TestRealm realm, String field) {
        List<String> values = new ArrayList<>();
        for (JsonNode each : realm.keys().list(Map.of()).body()) {
            values.add(each.get(field).textValue());
        }
        return values;
    }
}
