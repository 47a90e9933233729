package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.recipes.Recipe.Running;
import io.apikeys.keycloak.support.Claims;
import io.apikeys.keycloak.support.Http;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Ports;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.representations.idm.RealmRepresentation;

/** docs/recipes/nginx.md, with nginx. */
class NginxIT {

    private static final String PROGRAM = "/usr/sbin/nginx";

    private final Recipe recipe = Recipe.of("nginx");
    private final Http http = new Http();
    private TestRealm realm;
    private Behind behind;

    @TempDir
    private Path directory;

    @BeforeEach
    void nginxIsThere() throws IOException {
        Recipe.require("nginx", PROGRAM);
        realm = TestRealm.create();
        behind = Behind.start();
    }

    @AfterEach
    void stop() {
        if (behind != null) {
            behind.close();
        }
    }

    @Test
    void aRequestWithAKeyIsLetThroughWithTheNameOfItsHolder() throws Exception {
        User alice = realm.user("alice");
        realm.users().giveRole(alice, "accountant");
        RawKey key = realm.key(alice);
        RawKey lacksRole = realm.key(realm.user("bob"));

        try (Running nginx = start(0, "127.0.0.1:8081")) {
            assertThat(get(nginx, null)).isEqualTo(401);
            assertThat(get(nginx, "nonsense")).isEqualTo(401);
            assertThat(get(nginx, lacksRole.raw())).isEqualTo(403);
            assertThat(behind.header("X-User")).as("nothing has come through").isNull();

            assertThat(get(nginx, key.raw())).isEqualTo(200);

            assertThat(behind.header("X-User")).isEqualTo("alice");
            assertThat(behind.header("X-Key-Id")).isEqualTo(key.id());
            assertThat(behind.header("X-API-Key")).isNull();
            realm.keys().delete(key.id());
            assertThat(get(nginx, key.raw())).isEqualTo(401);
            RawKey limited =
                    realm.key(alice, Map.of("name", "limited", "limits", Map.of("quota", Map.of("remaining", 1))));
            assertThat(get(nginx, limited.raw())).isEqualTo(200);
            assertThat(get(nginx, limited.raw())).isEqualTo(429);
            RawKey slow = realm.key(
                    alice,
                    Map.of("name", "slow", "limits", Map.of("rateLimit", Map.of("max", 1, "windowSeconds", 600))));
            assertThat(get(nginx, slow.raw())).isEqualTo(200);
            HttpResponse<String> tooSoon = http.send(Http.request(address).header("X-API-Key", slow.raw()));
            assertThat(tooSoon.statusCode()).isEqualTo(429);
            assertThat(tooSoon.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isPositive();
            assertThat(tooSoon.headers().firstValue("RateLimit").orElseThrow()).startsWith("\"rate\";r=0");
            HttpResponse<String> preflight =
                    http.send(Http.request(address).method("OPTIONS", BodyPublishers.noBody()));
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(preflight
                            .headers()
                            .firstValue("Access-Control-Allow-Headers")
                            .orElseThrow())
                    .contains("X-API-Key");
        }
    }

    @Test
    void theProgramBehindGetsATokenInPlaceOfTheKey() throws Exception {
        User alice = realm.user("alice");
        RawKey key = realm.key(alice);
        realm.clients().exchanger("my-gateway");

        try (Running nginx =
                start(2, "127.0.0.1:8082", "Basic bXktZ2F0ZXdheTpzZWNyZXQ=", RealmClients.basic("my-gateway"))) {
            assertThat(get(nginx, null)).isEqualTo(401);
            assertThat(get(nginx, key.raw())).isEqualTo(200);

            assertThat(behind.header("X-API-Key")).isNull();
            Claims claims = Claims.of(behind.header("Authorization").substring("Bearer ".length()));
            assertThat(claims.subject()).isEqualTo(alice.id());
            assertThat(claims.authorizedParty()).isEqualTo("my-gateway");
        }
    }

    @Test
    void behindALoadBalancerThatAppendsAForgedAddressDoesNotPass() throws Exception {
        Recipe.require("the distribution, which trusts a proxy", KeycloakServer.required("keycloak.home"));
        User alice = realm.user("alice");
        realm.users().giveRole(alice, "accountant");
        RawKey key =
                realm.key(alice, Map.of("name", "office", "restrictions", Map.of("cidrs", List.of("192.0.2.0/24"))));
        // The recipe's Keycloak is asked over HTTPS, this one is not.
        RealmRepresentation withoutHttps = realm.admin().toRepresentation();
        withoutHttps.setSslRequired("none");
        realm.admin().update(withoutHttps);
        String balancers = Recipe.adapt(recipe.block("nginx", 1), "10.0.0.0/8", "127.0.0.1/32");

        try (Running nginx = start(
                0,
                "127.0.0.1:8081",
                "location / {",
                balancers + "proxy_bind " + KeycloakServer.TRUSTED_PROXY + ";\nlocation / {")) {
            assertThat(nginx.process().isAlive()).isTrue();
            assertThat(forwarded(key, "192.0.2.7, 198.51.100.9"))
                    .as("the client has made up the first address")
                    .isEqualTo(401);
            assertThat(forwarded(key, "198.51.100.9, 192.0.2.7")).isEqualTo(200);
            assertThat(forwarded(key, "192.0.2.7")).isEqualTo(200);
        }
    }

    private int forwarded(RawKey key, String addresses) {
        return http.send(Http.request(address).header("X-API-Key", key.raw()).header("X-Forwarded-For", addresses))
                .statusCode();
    }

    private URI address;

    private Running start(int block, String listen, String... more) throws Exception {
        int port = Ports.free();
        address = URI.create("http://127.0.0.1:" + port + "/");
        String server = Recipe.adapt(
                recipe.block("nginx", block),
                listen,
                "127.0.0.1:" + port,
                "https://keycloak.example.org",
                KeycloakServer.running().url(),
                "my-realm",
                realm.name(),
                "http://127.0.0.1:9000",
                behind.url());
        return start(directory, address, Recipe.adapt(server, more));
    }

    /** Starts nginx with one server of the recipe. */
    static Running start(Path directory, URI address, String server) throws IOException, InterruptedException {
        Path configuration = Files.writeString(directory.resolve("nginx.conf"), """
                daemon off;
                pid %1$s/nginx.pid;
                error_log stderr;
                events {}
                http {
                    access_log off;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                %2$s
                }
                """.formatted(directory, server));
        return Running.start(
                directory, address, List.of(PROGRAM, "-e", "stderr", "-p", directory + "/", "-c", configuration + ""));
    }

    private int get(Running nginx, String key) {
        HttpRequest.Builder request = Http.request(address);
        if (key != null) {
            request.header("X-API-Key", key);
        }
        assertThat(nginx.process().isAlive()).isTrue();
        return http.send(request).statusCode();
    }
}
