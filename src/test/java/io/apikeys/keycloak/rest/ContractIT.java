package io.apikeys.keycloak.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Contract;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Runs after the others, whose every exchange was held against {@code docs/openapi.yaml}. */
@Order(Integer.MAX_VALUE - 1)
class ContractIT {

    @Test
    @DisabledIfSystemProperty(
            named = "it.test",
            matches = ".+",
            disabledReason = "Only some of the tests run, so not every answer can have been seen.")
    void everyAnswerThatTheContractDescribesWasSeen() {
        assertThat(Contract.seen()).isEqualTo(Contract.described());
    }
}
