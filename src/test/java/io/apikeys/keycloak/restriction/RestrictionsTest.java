package io.apikeys.keycloak.restriction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RestrictionsTest {

    private static final Restrictions SOME = new Restrictions(
            Set.of("a", "b"),
            Map.of("app", Set.of("r", "w")),
            Set.of("s"),
            Set.of("c"),
            List.of(AddressBlock.parse("192.0.2.0/24")),
            "acme");

    @Test
    void whatIsAbsentNarrowsNothing() {
        assertThat(Restrictions.NONE.allowsClient(null)).isTrue();
        assertThat(Restrictions.NONE.allowsAddress(null)).isTrue();
        assertThat(Restrictions.NONE.allowsScope("any")).isTrue();
    }

    @Test
    void whatIsEmptyAllowsNothing() {
        Restrictions nothing = new Restrictions(Set.of(), Map.of(), Set.of(), Set.of(), List.of(), null);
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
        assertThat(new Restrictions(
                                Set.of("a"),
                                Map.of("app", Set.of()),
                                Set.of(),
                                Set.of("c"),
                                List.of(AddressBlock.parse("192.0.2.8/32")),
                                "acme")
                        .partWidenedAgainst(SOME))
                .isNull();
    }

    @Test
    void wideningIsFoundInEachPart() {
        assertThat(Restrictions.NONE.partWidenedAgainst(SOME)).isEqualTo("realmRoles");
        assertThat(with(Set.of("a", "x"), null, null, null, null)).isEqualTo("realmRoles");
        assertThat(with(null, Map.of("app", Set.of("r", "x")), null, null, null))
                .isEqualTo("clientRoles");
        assertThat(with(null, Map.of("other", Set.of("r")), null, null, null)).isEqualTo("clientRoles");
        assertThat(with(null, null, Set.of("t"), null, null)).isEqualTo("scopes");
        assertThat(with(null, null, null, Set.of("c", "d"), null)).isEqualTo("clients");
        assertThat(with(null, null, null, null, List.of(AddressBlock.parse("192.0.0.0/16"))))
                .isEqualTo("cidrs");
    }

    /** The part widened when one part of {@link #SOME} is changed; null leaves a part. */
    private static String with(
            Set<String> realmRoles,
            Map<String, Set<String>> clientRoles,
            Set<String> scopes,
            Set<String> clients,
            List<AddressBlock> cidrs) {
        return new Restrictions(
                        realmRoles == null ? SOME.realmRoles() : realmRoles,
                        clientRoles == null ? SOME.clientRoles() : clientRoles,
                        scopes == null ? SOME.scopes() : scopes,
                        clients == null ? SOME.clients() : clients,
                        cidrs == null ? SOME.cidrs() : cidrs,
                        SOME.organization())
                .partWidenedAgainst(SOME);
    }
}
