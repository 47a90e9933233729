package io.apikeys.keycloak.restriction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.RawRequest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What restriction {@code cidrs} is worth behind a proxy, with Keycloak's {@code proxy-trusted-addresses}. */
class ForwardedAddressIT {

    private static final String ALLOWED = "192.0.2.7";
    private static final String OTHER = "198.51.100.9";

    private final TestRealm realm = TestRealm.create();
    private final RawKey key = realm.key(
            realm.user("alice"),
            Map.of("name", "from one network", "restrictions", Map.of("cidrs", List.of("192.0.2.0/24"))));

    @BeforeEach
    void theServerTrustsOneProxy() {
        boolean there = "distribution".equals(System.getProperty("keycloak.runtime"));
        if (!there) {
            System.err.println(
                    "ForwardedAddressIT is skipped: the server has to share this machine's loopback addresses.");
        }
        assumeTrue(there, "needs a server that shares this machine's loopback addresses");
    }

    @Test
    void nobodyButATrustedProxyIsBelieved() {
        assertThat(check("127.0.0.1", null)).isEqualTo(401);
        assertThat(check("127.0.0.1", ALLOWED)).isEqualTo(401);
        assertThat(check(KeycloakServer.TRUSTED_PROXY, null)).isEqualTo(401);
    }

    @Test
    void aProxyThatReplacesTheHeaderIsBelieved() {
        assertThat(check(KeycloakServer.TRUSTED_PROXY, ALLOWED)).isEqualTo(200);
        assertThat(check(KeycloakServer.TRUSTED_PROXY, OTHER)).isEqualTo(401);
    }

    /**
     * Keycloak takes the first address, whoever has written it; {@code proxy-trusted-addresses} is about the last hop alone. If this fails,
     * Keycloak has become safer, and recipes, docs/restrictions.md and docs/security.md have to say so.
     */
    @Test
    void aProxyThatAppendsToTheHeaderLetsAForgedAddressPass() {
        assertThat(check(KeycloakServer.TRUSTED_PROXY, ALLOWED + ", " + OTHER)).isEqualTo(200);
        assertThat(check(KeycloakServer.TRUSTED_PROXY, OTHER + ", " + ALLOWED)).isEqualTo(401);
    }

    private int check(String from, String forwardedFor) {
        RawRequest request = new RawRequest("GET", "/realms/" + realm.name() + "/api-keys/auth")
                .from(from)
                .header("X-Forwarded-Proto", "https")
                .header("X-API-Key", key.raw());
        return (forwardedFor == null ? request : request.header("X-Forwarded-For", forwardedFor)).status();
    }
}
