package io.apikeys.keycloak.restriction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.key.InvalidKeyException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestrictionsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Restrictions SOME = of("""
            {"realmRoles": ["a", "b"], "clientRoles": {"app": ["r", "w"]}, "scopes": ["s"], "clients": ["c"],
             "cidrs": ["192.0.2.0/24"], "organization": "acme"}""");

    @Test
    void whatIsAbsentNarrowsNothing() {
        assertThat(Restrictions.NONE.allowsClient(null)).isTrue();
        assertThat(Restrictions.NONE.allowsAddress(null)).isTrue();
        assertThat(Restrictions.NONE.allowsScope("any")).isTrue();
    }

    @Test
    void whatIsEmptyAllowsNothing() {
        Restrictions nothing = of("""
                {"realmRoles": [], "clientRoles": {}, "scopes": [], "clients": [], "cidrs": []}""");
        assertThat(nothing.allowsClient("c")).isFalse();
        assertThat(nothing.allowsAddress("192.0.2.1")).isFalse();
        assertThat(nothing.allowsScope("s")).isFalse();
        assertThat(nothing.isNone()).isFalse();
    }

    @Test
    void whatIsUnknownIsNotAllowedWhereSomethingIsNamed() {
        assertThat(SOME.allowsClient(null)).isFalse();
        assertThat(SOME.allowsAddress(null)).isFalse();
    }

    @Test
    void narrowingTakesAwayAndAddsNothing() {
        assertThat(SOME.partWidenedAgainst(Restrictions.NONE)).isNull();
        assertThat(SOME.partWidenedAgainst(SOME)).isNull();
        assertThat(of("""
                        {"realmRoles": ["a"], "clientRoles": {"app": []}, "scopes": [], "clients": ["c"],
                         "cidrs": ["192.0.2.8/32"], "organization": "acme"}""").partWidenedAgainst(SOME)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            realmRoles   | {"realmRoles": ["a", "x"]}
            realmRoles   | {"realmRoles": null}
            clientRoles  | {"clientRoles": {"app": ["r", "x"]}}
            clientRoles  | {"clientRoles": {"other": ["r"]}}
            clientRoles  | {"clientRoles": null}
            scopes       | {"scopes": ["t"]}
            scopes       | {"scopes": null}
            clients      | {"clients": ["c", "d"]}
            clients      | {"clients": null}
            cidrs        | {"cidrs": ["192.0.0.0/16"]}
            cidrs        | {"cidrs": null}
            organization | {"organization": "other"}
            organization | {"organization": null}
            """)
    void wideningIsFoundInEachPart(String part, String patch) throws Exception {
        assertThat(SOME.patched(json(patch)).partWidenedAgainst(SOME).name()).isEqualTo(part);
    }

    @Test
    void everyPartIsNamedInTheTableAbove() {
        assertThat(SOME.values().keySet()).isEqualTo(Restrictions.NAMES);
    }

    @Test
    void whatIsLeftOpenIsTakenFromTheOthers() {
        Restrictions narrower = of("{\"scopes\": []}");
        assertThat(narrower.completedBy(SOME)).isEqualTo(SOME.with(Restrictions.SCOPES, Set.of()));
        assertThat(Restrictions.NONE.completedBy(SOME)).isEqualTo(SOME);
    }

    @Test
    void theJsonReadsBackAsItWasWritten() throws Exception {
        assertThat(Restrictions.read(json(JSON.writeValueAsString(SOME)))).isEqualTo(SOME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"hours\": []}",
                "{\"scopes\": \"s\"}",
                "{\"scopes\": [1]}",
                "{\"clientRoles\": []}",
                "{\"clientRoles\": {\"app\": null}}",
                "{\"cidrs\": [\"192.0.2.1/24\"]}",
                "{\"organization\": []}"
            })
    void whatIsNotUnderstoodIsRefused(String json) {
        assertThatThrownBy(() -> Restrictions.read(json(json))).isInstanceOf(InvalidKeyException.class);
    }

    private static Restrictions of(String json) {
        try {
            return Restrictions.read(json(json));
        } catch (InvalidKeyException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    private static ObjectNode json(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }
}
