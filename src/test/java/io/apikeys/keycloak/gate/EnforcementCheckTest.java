package io.apikeys.keycloak.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnforcementCheckTest {

    @ParameterizedTest
    @ValueSource(strings = {"26.6.4", "26.0.0", "25.7.1", "9.9", "26.6.4.redhat-00001"})
    void anOlderServerDoesNotStart(String version) {
        assertThatThrownBy(() -> EnforcementCheck.requireSupported(version))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("26.7")
                .hasMessageContaining(version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"26.7.0", "26.7.4", "26.10.0", "27.0.0", "26.7.0.redhat-00001", "999.0.0-SNAPSHOT", "nightly"})
    void anyOtherServerStarts(String version) {
        assertThatCode(() -> EnforcementCheck.requireSupported(version)).doesNotThrowAnyException();
    }

    @Test
    void theLowestVersionIsTheOneThatTheJarIsCompiledAgainst() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<keycloak.lowest.version>" + EnforcementCheck.LOWEST_MAJOR + "."
                        + EnforcementCheck.LOWEST_MINOR + ".0</keycloak.lowest.version>");
    }
}
