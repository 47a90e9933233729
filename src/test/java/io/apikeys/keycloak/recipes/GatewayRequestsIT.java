package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.RawRequest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The requests that Envoy and Traefik send by docs/recipes/envoy.md and traefik.md, as their documentations have them. */
class GatewayRequestsIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);
    private final RawKey lacksRole = realm.key(realm.user("bob"));

    @BeforeEach
    void giveRole() {
        realm.users().giveRole(alice, "accountant");
    }

    /** Method, path with query, and Host of the request, no body, and the allowed headers. */
    @ParameterizedTest
    @CsvSource({
        "GET, /",
        "GET, /orders/1?role=nobody&include=author&raw=true",
        "POST, /orders?request=/x&role=nobody",
        "PUT, /orders/1",
        "PATCH, /a%20b/c;d=1",
        "DELETE, /realms/master/api-keys/auth?role=",
        "OPTIONS, /orders",
        "HEAD, /orders",
        "PROPFIND, /%C3%A4",
    })
    void envoy(String method, String path) throws IOException {
        String prefix = setting("envoy", "path_prefix: (\\S+)");

        assertThat(envoyRequest(method, prefix + path, key.raw()).status()).isEqualTo(200);
        assertThat(envoyRequest(method, prefix + path, lacksRole.raw()).status())
                .isEqualTo(403);
        assertThat(envoyRequest(method, prefix + path, "nonsense").status()).isEqualTo(401);
    }

    private static RawRequest envoyRequest(String method, String path, String key) {
        return new RawRequest(method, path)
                .header("content-length", "0")
                .header("x-forwarded-for", "192.0.2.1")
                .header("x-forwarded-proto", "https")
                .header("x-envoy-internal", "true")
                .header("x-envoy-expected-rq-timeout-ms", "5000")
                .header("x-api-key", key);
    }

    /** Always GET, the address as it is, and the request in X-Forwarded headers. */
    @Test
    void traefik() throws IOException {
        String path = setting("traefik", "address: https://keycloak.example.org(\\S+)");

        for (String method : new String[] {"GET", "POST", "DELETE"}) {
            assertThat(traefikRequest(path, method)
                            .header("X-Api-Key", key.raw())
                            .status())
                    .isEqualTo(200);
            assertThat(traefikRequest(path, method)
                            .header("Authorization", "Bearer " + key.raw())
                            .status())
                    .isEqualTo(200);
            assertThat(traefikRequest(path, method)
                            .header("X-Api-Key", lacksRole.raw())
                            .status())
                    .isEqualTo(403);
            assertThat(traefikRequest(path, method).status()).isEqualTo(401);
        }
    }

    private static RawRequest traefikRequest(String path, String method) {
        return new RawRequest("GET", path)
                .header("User-Agent", "Go-http-client/1.1")
                .header("X-Forwarded-For", "192.0.2.1")
                .header("X-Forwarded-Host", "reports.example.org")
                .header("X-Forwarded-Method", method)
                .header("X-Forwarded-Proto", "http")
                .header("X-Forwarded-Uri", "/orders/1?role=nobody")
                .header("Accept-Encoding", "gzip");
    }

    /** Returns a value of the recipe's configuration, for this test's realm. */
    private String setting(String recipe, String pattern) throws IOException {
        String configuration = Recipe.of(recipe).block("yaml", 0);
        Matcher setting = Pattern.compile(pattern).matcher(configuration);
        assertThat(setting.find()).as(configuration).isTrue();
        return Recipe.adapt(setting.group(1), "my-realm", realm.name());
    }
}
