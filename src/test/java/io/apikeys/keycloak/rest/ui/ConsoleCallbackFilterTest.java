package io.apikeys.keycloak.rest.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleCallbackFilterTest {

    @ParameterizedTest
    @CsvSource({
        "/admin/master/console/api-keys, master",
        "/auth/admin/my-realm/console/api-keys, my-realm",
        "/admin/a%2Fb/console/api-keys, a%2Fb"
    })
    void theAnswerToALoginGoesToThePageOfItsRealm(String path, String realm) {
        assertThat(ConsoleCallbackFilter.page(path)).contains("../../../realms/" + realm + "/api-keys/console");
    }

    /** The realm named {@code console} has an Admin REST API, too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/realms/console/api-keys",
                "/auth/admin/realms/console/api-keys",
                "/admin/console/api-keys",
                "/admin/a/b/console/api-keys",
                "/realms/a/console/api-keys"
            })
    void otherPathsStayAsTheyAre(String path) {
        assertThat(ConsoleCallbackFilter.page(path)).isEmpty();
    }
}
