package io.apikeys.keycloak.rest.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.TestRealm;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The address of the page's modules. */
class UiIT {

    private final TestRealm realm = TestRealm.create();
    private final Http http = new Http();

    @Test
    void anybodyCanLoadEveryModule() {
        assertThat(UiModule.ALL).isNotEmpty();
        for (String name : UiModule.ALL.keySet()) {
            HttpResponse<String> module = http.send(module(name));

            assertThat(module.statusCode()).as(name).isEqualTo(200);
            assertThat(module.headers().allValues("Content-Type")).containsExactly("text/javascript; charset=utf-8");
            assertThat(module.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
            assertThat(module.headers().allValues("Cache-Control")).containsExactly("no-cache");
        }
    }

    @Test
    void theConsoleHasOneAddressBecauseItsModulesAreRelativeToIt() {
        String console = "/realms/" + realm.name() + "/api-keys/console";

        HttpResponse<String> withSlash =
                http.send(Http.request(KeycloakServer.running().uri(console + "/")));

        assertThat(withSlash.statusCode()).isEqualTo(302);
        assertThat(withSlash
                        .request()
                        .uri()
                        .resolve(withSlash.headers().firstValue("Location").orElseThrow()))
                .isEqualTo(KeycloakServer.running().uri(console));
        assertThat(http.send(Http.request(KeycloakServer.running().uri(console)))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBrowserThatHasItIsToldSo() {
        String tag =
                http.send(module("api-keys.js")).headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> again = http.send(module("api-keys.js").header("If-None-Match", tag));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers().firstValue("ETag")).contains(tag);

        assertThat(http.send(module("api-keys.js").header("If-None-Match", "\"other\""))
                        .statusCode())
                .isEqualTo(200);
    }

    /** Scripts of other origins are loaded with CORS; there is nothing in them that depends on who asks. */
    @Test
    void pagesOfOtherOriginsCanLoadThemWithoutTheUsersCookies() {
        HttpResponse<String> module = http.send(module("api-keys.js").header("Origin", "https://elsewhere.example"));

        assertThat(module.headers().firstValue("Access-Control-Allow-Origin")).contains("https://elsewhere.example");
        assertThat(module.headers().firstValue("Access-Control-Allow-Credentials"))
                .isNotEqualTo(Optional.of("true"));
        assertThat(module.headers().allValues("Vary")).anyMatch(vary -> vary.contains("Origin"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none.js", "API-KEYS.js", "..", "%2e%2e%2fMETA-INF%2fbeans.xml", "x/api-keys.js"})
    void nothingElseIsServed(String name) {
        assertThat(http.send(module(name)).statusCode()).isBetween(400, 405);
    }

    @Test
    void aKeySessionCanLoadThem() {
        String token = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser())
                        .tryApiKey()
                        .typeKey(realm.keyOfSomebody().raw()))
                .access();

        assertThat(http.send(module("api-keys.js").header("Authorization", "Bearer " + token))
                        .statusCode())
                .isEqualTo(200);
    }

    private HttpRequest.Builder module(String name) {
        return Http.request(KeycloakServer.running().uri("/realms/" + realm.name() + "/api-keys/ui/" + name));
    }
}
