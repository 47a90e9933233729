package io.apikeys.keycloak.restriction;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.restriction.object.ObjectKind;
import io.apikeys.keycloak.restriction.object.ObjectName;
import io.apikeys.keycloak.restriction.object.RealmObjects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Restrictions are bound to objects, whatever these are called later. */
class StoredRestrictionsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String ALL = """
            {"realmRoles": ["reader", "writer"], "clientRoles": {"app": ["viewer"]}, "scopes": ["mail"],
             "clients": ["app"], "cidrs": ["192.0.2.0/24"], "organization": "acme"}""";

    private final Realm realm = new Realm()
            .with("r1", role("reader"))
            .with("r2", role("writer"))
            .with("r3", ObjectName.ofClientRole("app", "viewer"))
            .with("s1", ObjectKind.CLIENT_SCOPE.named("mail"))
            .with("c1", ObjectKind.CLIENT.named("app"))
            .with("o1", ObjectKind.ORGANIZATION.named("acme"));

    private final StoredRestrictions bound = set(ALL);

    @Test
    void whatIsSetAppliesAndIsShownAsItWasNamed() throws Exception {
        assertThat(bound.in(realm)).isEqualTo(names(ALL));
        assertThat(bound.shownIn(realm)).isEqualTo(new ShownRestrictions(names(ALL), List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            r1 | lecteur | | {"realmRoles": ["lecteur", "writer"]}
            r3 | spectator | app | {"clientRoles": {"app": ["spectator"]}}
            r3 | viewer | program | {"clientRoles": {"program": ["viewer"]}}
            s1 | post | | {"scopes": ["post"]}
            c1 | program | | {"clients": ["program"]}
            o1 | umbrella | | {"organization": "umbrella"}
            """)
    void aRenamedObjectIsAllowedUnderItsNewName(String id, String name, String client, String changed)
            throws Exception {
        realm.rename(id, client, name);

        Restrictions renamed = names(ALL).patched(json(changed));
        assertThat(bound.in(realm)).isEqualTo(renamed);
        assertThat(bound.shownIn(realm)).isEqualTo(new ShownRestrictions(renamed, List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            r1 | realmRoles.reader         | realmRoles
            r3 | clientRoles.app.viewer    | clientRoles
            s1 | scopes.mail               | scopes
            c1 | clients.app               | clients
            o1 | organization.acme         | organization
            """)
    void aDeletedObjectIsMissingAlsoWhenThereIsAnotherOfItsName(String id, String missing, String part) {
        ObjectName name = realm.remove(id);
        for (int i = 0; i < 2; i++) {
            assertThat(bound.in(realm).names()).doesNotContain(name).hasSize(5);
            assertThat(Restrictions.NONE.partWidenedAgainst(bound.in(realm)))
                    .as("the part still restricts")
                    .isNotNull();
            assertThat(bound.shownIn(realm).restrictions()).isEqualTo(names(ALL));
            assertThat(bound.shownIn(realm).missing()).containsExactly(missing);
            realm.with("new", name);
        }
        assertThat(set(ALL).in(realm).partWidenedAgainst(bound.in(realm)).name())
                .isEqualTo(part);
    }

    @ParameterizedTest
    @CsvSource({"realmRoles, r1 r2", "clientRoles, r3", "scopes, s1", "clients, c1", "organization, o1"})
    void aPartOfWhichNothingIsLeftAllowsNothing(String part, String ids) {
        Arrays.stream(ids.split(" ")).forEach(realm::remove);

        Restrictions left = bound.in(realm);

        assertThat(Restrictions.NONE.partWidenedAgainst(left).name()).isNotNull();
        assertThat(left.names()).noneMatch(name -> name.kind().part().equals(part));
        assertThat(names("{}").completedBy(left)).isEqualTo(left);
        assertThat(
                        switch (part) {
                            case "realmRoles" ->
                                left.get(Restrictions.REALM_ROLES).isEmpty();
                            case "clientRoles" ->
                                left.get(Restrictions.CLIENT_ROLES).isEmpty();
                            case "scopes" -> !left.allowsScope("mail");
                            case "clients" -> !left.allowsClient("app");
                            case "organization" -> !left.allowsOrganization("acme");
                            default -> throw new IllegalArgumentException(part);
                        })
                .isTrue();
    }

    @Test
    void aNameWithoutAnIdStandsForWhateverHasIt() {
        StoredRestrictions old = StoredRestrictions.naming(names(ALL));
        realm.remove("r1");

        assertThat(old.in(realm)).isEqualTo(names(ALL));
        assertThat(old.shownIn(realm).missing()).containsExactly("realmRoles.reader");

        realm.with("new", role("reader"));
        assertThat(old.in(realm)).isEqualTo(names(ALL));
        assertThat(old.shownIn(realm).missing()).isEmpty();
    }

    @Test
    void aPartThatIsNotTouchedKeepsItsIds() throws Exception {
        realm.with("new", realm.remove("r1"));

        StoredRestrictions changed = change("{\"scopes\": []}");

        assertThat(changed.shownIn(realm).missing()).containsExactly("realmRoles.reader");
        assertThat(changed.added(bound, realm)).isEmpty();
        assertThat(changed.in(realm).partWidenedAgainst(bound.in(realm))).isNull();
    }

    @Test
    void aMissingNameThatIsAskedForAgainStaysMissing() throws Exception {
        ObjectName reader = realm.remove("r1");

        StoredRestrictions changed = change("{\"realmRoles\": [\"reader\"]}");

        assertThat(changed.added(bound, realm)).isEmpty();
        realm.with("new", reader);
        assertThat(changed.shownIn(realm).missing()).containsExactly("realmRoles.reader");
        assertThat(changed.in(realm).get(Restrictions.REALM_ROLES)).isEmpty();
    }

    @Test
    void aMissingNameThatIsAskedForAgainIsTheNewObjectIfThereIsOne() throws Exception {
        ObjectName reader = realm.remove("r1");
        realm.with("new", reader);

        StoredRestrictions changed = change("{\"realmRoles\": [\"reader\"]}");

        assertThat(changed.added(bound, realm)).isEqualTo(Map.of(reader, Optional.of("new")));
        assertThat(changed.shownIn(realm).missing()).isEmpty();
        assertThat(changed.in(realm).partWidenedAgainst(bound.in(realm))).isEqualTo(Restrictions.REALM_ROLES);
    }

    @Test
    void theEarlierNameOfARenamedObjectIsNoName() throws Exception {
        realm.rename("r1", null, "lecteur");

        assertThat(change("{\"realmRoles\": [\"reader\"]}").added(bound, realm))
                .isEqualTo(Map.of(role("reader"), Optional.empty()));
        assertThat(change("{\"realmRoles\": [\"lecteur\"]}").added(bound, realm))
                .isEmpty();
    }

    @Test
    void anObjectThatTakesTheNameOfAMissingOneIsShownOnce() {
        realm.remove("r1");
        realm.rename("r2", null, "reader");

        assertThat(bound.shownIn(realm))
                .isEqualTo(new ShownRestrictions(names(ALL.replace(", \"writer\"", "")), List.of()));
    }

    @Test
    void anotherKeysPartsComeWithTheirIds() {
        realm.with("new", realm.remove("r1"));

        StoredRestrictions heir = StoredRestrictions.naming(names("{\"scopes\": []}"))
                .completedBy(bound)
                .bound(bound, realm);

        assertThat(heir.shownIn(realm).missing()).containsExactly("realmRoles.reader");
        assertThat(heir.in(realm).partWidenedAgainst(bound.in(realm))).isNull();
    }

    @Test
    void onlyThePartsThatADecisionNeedsAreLookedUp() {
        realm.lookUps.clear();

        bound.in(realm).allowsClient("app");

        assertThat(realm.lookUps).containsExactly("c1");
        StoredRestrictions.NONE.in(realm).allowsClient("app");
        assertThat(realm.lookUps).hasSize(1);
    }

    private StoredRestrictions change(String patch) throws Exception {
        return bound.patched(json(patch)).bound(bound, realm);
    }

    private StoredRestrictions set(String asked) {
        return StoredRestrictions.naming(names(asked)).bound(StoredRestrictions.NONE, realm);
    }

    private static ObjectName role(String name) {
        return ObjectKind.REALM_ROLE.named(name);
    }

    private static Restrictions names(String json) {
        try {
            return Restrictions.read(json(json));
        } catch (Exception malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    private static ObjectNode json(String json) throws Exception {
        return (ObjectNode) JSON.readTree(json);
    }

    /** Objects by id. */
    private static final class Realm implements RealmObjects {

        private final Map<String, ObjectName> names = new HashMap<>();
        private final List<String> lookUps = new ArrayList<>();

        Realm with(String id, ObjectName name) {
            names.put(id, name);
            return this;
        }

        ObjectName remove(String id) {
            return names.remove(id);
        }

        void rename(String id, String client, String name) {
            names.computeIfPresent(id, (same, before) -> new ObjectName(before.kind(), client, name));
        }

        @Override
        public Optional<ObjectName> name(ObjectKind kind, String id) {
            lookUps.add(id);
            return Optional.ofNullable(names.get(id)).filter(name -> name.kind() == kind);
        }

        @Override
        public Optional<String> id(ObjectName name) {
            return names.entrySet().stream()
                    .filter(each -> each.getValue().equals(name))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
    }
}
