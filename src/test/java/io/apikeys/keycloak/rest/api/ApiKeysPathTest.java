package io.apikeys.keycloak.rest.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths are those of the gateway check, before Keycloak's routing has seen them. */
class ApiKeysPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/realms/demo/api-keys/auth",
                "realms/demo/api-keys/auth",
                "//realms//demo//api-keys//auth",
                "/realms/demo/api-keys/auth/",
                "/realms/demo/api-keys/auth/orders/1",
                "/realms/demo/api-keys/auth#x",
                "/realms/demo/api-keys/auth;x=1",
                "/realms/demo/api-keys/auth/a\nb",
                "/realms/demo/api-keys/auth/\r\u2028",
                "/realms/realms/api-keys/auth",
                "/keycloak/realms/demo/api-keys/auth",
                "/a/b/realms/demo/api-keys/auth",
            })
    void isTheGatewaysPlaceOrBelowIt(String path) {
        assertThat(ApiKeysPath.of(path))
                .hasValueSatisfying(
                        found -> assertThat(found.isAtOrBelow("auth")).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/realms/demo/api-keys",
                "/realms/demo/api-keys/",
                "/realms/demo/api-keys/authority",
                "/realms/demo/api-keys/some-id/auth",
                "/realms/demo/api-keys/revoke",
                "/realms/demo/account/api-keys/auth",
                "/admin/realms/demo/api-keys/auth",
                "/keycloak/admin/realms/demo/api-keys/auth",
                "/realms/api-keys/auth",
            })
    void isNot(String path) {
        assertThat(ApiKeysPath.of(path).filter(found -> found.isAtOrBelow("auth")))
                .isEmpty();
    }

    @Test
    void aLongPathIsReadInOneGo() {
        assertThat(ApiKeysPath.of("/a".repeat(15_000) + "/api-keys/auth")).isEmpty();
    }
}
