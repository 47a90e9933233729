package io.apikeys.keycloak.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.util.JsonSerialization;

class KeptFieldsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                    | true",
                "{\"credentials\": []}                 | true",
                "{\"credentials\": null}               | true",
                "{\"credentials\": false}              | true",
                "{\"credentials\": true}               | false",
                "{\"credentials\": [{}]}               | false",
                "{\"credentials\": {\"a\": 1}}          | false",
                "{\"credentials\": \"x\"}               | false",
                "{\"firstName\": \"x\"}                 | true",
                "[]                                    | true",
                "not json                              | false",
                "''                                    | true",
            })
    void aFieldOfWhatIsNewMayBeEmpty(String body, boolean allowed) {
        KeptFields kept = new KeptFields(Set.of("credentials"), MissingNode.getInstance());

        assertThat(kept.allow(body.getBytes(UTF_8))).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                          | true",
                "{\"mappers\": null}                         | true",
                "{\"mappers\": [{\"b\": 2}, {\"a\": 1}]}      | true",
                "{\"mappers\": []}                           | false",
                "{\"mappers\": [{\"a\": 1}]}                  | false",
                "{\"mappers\": [{\"a\": 1}, {\"b\": 3}]}      | false",
                "{\"name\": \"orders\"}                       | true",
                "{\"name\": \"payments\"}                     | false",
                "{\"name\": \"\"}                             | false",
                "{\"secret\": \"new\"}                        | false",
            })
    void aFieldOfWhatIsThereMayBeSentBack(String body, boolean allowed) throws IOException {
        JsonNode stored =
                JsonSerialization.mapper.readTree("{\"name\": \"orders\", \"mappers\": [{\"a\": 1}, {\"b\": 2}]}");
        KeptFields kept = new KeptFields(Set.of("name", "mappers", "secret"), stored);

        assertThat(kept.allow(body.getBytes(UTF_8))).isEqualTo(allowed);
    }
}
