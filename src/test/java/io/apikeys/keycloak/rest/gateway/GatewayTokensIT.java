package io.apikeys.keycloak.rest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Claims;
import io.apikeys.keycloak.support.DpopKey;
import io.apikeys.keycloak.support.Gateway;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.RealmRepresentation;

/**
 * A gateway that is a client gets the same token for the same key again, for a short time, and never one that says more
 * than is true now.
 */
class GatewayTokensIT {

    private static final String GATEWAY = "gateway";

    private final TestRealm realm = TestRealm.create();
    private final Gateway gateway = realm.gateway();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);

    @BeforeEach
    void aGatewayThatIsAClient() {
        realm.clients().exchanger(GATEWAY);
    }

    @Test
    void theSameTokenIsHandedOutAgain() {
        String first = token(key, GATEWAY);

        assertThat(token(key, GATEWAY)).isEqualTo(first);
        assertThat(token(key, GATEWAY)).isEqualTo(first);
    }

    @Test
    void untilATenthOfItsLifeIsOver() throws InterruptedException {
        RealmRepresentation settings = realm.admin().toRepresentation();
        settings.setAccessTokenLifespan(20);
        realm.admin().update(settings);
        String first = token(key, GATEWAY);
        Instant end = Instant.now().plus(Duration.ofSeconds(2));
        while (Instant.now().isBefore(end)) {
            Thread.sleep(100);
        }

        assertThat(token(key, GATEWAY)).isNotEqualTo(first);
    }

    @Test
    void notToAnotherClientNorForAnotherKey() {
        realm.clients().exchanger("another");
        RawKey second = realm.key(alice, Map.of("name", "second"));
        String first = token(key, GATEWAY);

        assertThat(Claims.of(token(key, "another")).authorizedParty()).isEqualTo("another");
        assertThat(Claims.of(token(second, GATEWAY)).keyId()).isEqualTo(second.id());
        assertThat(token(key, GATEWAY))
                .as("which changes nothing for the first")
                .isEqualTo(first);
    }

    @Test
    void notOnceTheKeyAllowsLess() {
        realm.users().giveRole(alice, "reader");
        assertThat(Claims.of(token(key, GATEWAY)).realmRoles()).contains("reader");

        realm.keys().change(key.id(), Map.of("restrictions", Map.of("realmRoles", List.of())));

        assertThat(Claims.of(token(key, GATEWAY)).realmRoles()).isEmpty();
    }

    @Test
    void notOnceTheHolderHasLostARole() {
        realm.users().giveRole(alice, "reader");
        assertThat(Claims.of(token(key, GATEWAY)).realmRoles()).contains("reader");

        realm.admin()
                .users()
                .get(alice.id())
                .roles()
                .realmLevel()
                .remove(List.of(realm.admin().roles().get("reader").toRepresentation()));

        assertThat(Claims.of(token(key, GATEWAY)).realmRoles()).doesNotContain("reader");
    }

    @Test
    void notOnceTheKeyHasEnded() {
        token(key, GATEWAY);
        realm.keys().change(key.id(), Map.of("enabled", false));
        assertThat(ask(key, GATEWAY).statusCode()).isEqualTo(401);
        realm.keys().change(key.id(), Map.of("enabled", true));
        token(key, GATEWAY);
        realm.keys().delete(key.id());
        assertThat(ask(key, GATEWAY).statusCode()).isEqualTo(401);
    }

    @Test
    void notOnceTheClientMayNoLongerExchangeTokens() {
        token(key, GATEWAY);
        realm.clients().setAttribute(GATEWAY, "standard.token.exchange.enabled", "false");

        assertThat(ask(key, GATEWAY).statusCode()).isEqualTo(403);
    }

    @Test
    void notOnceTheHolderHasSomethingToDo() {
        token(key, GATEWAY);
        realm.users().requireAction(alice, "UPDATE_PASSWORD");

        assertThat(ask(key, GATEWAY).statusCode()).isEqualTo(403);
    }

    /** The realm's administrator has ended all tokens that were issued so far. */
    @Test
    void notOnceTheRealmTakesNoEarlierTokens() {
        String first = token(key, GATEWAY);
        RealmRepresentation settings = realm.admin().toRepresentation();
        settings.setNotBefore((int) Instant.now().plusSeconds(1).getEpochSecond());
        realm.admin().update(settings);

        assertThat(token(key, GATEWAY)).isNotEqualTo(first);
    }

    @Test
    void aTokenThatIsBoundToAProofIsHandedOutOnce() {
        DpopKey proof = new DpopKey();
        String unbound = token(key, GATEWAY);

        String bound = token(withProof(proof));

        assertThat(bound).isNotEqualTo(unbound);
        assertThat(Claims.of(bound).at("/cnf/jkt").textValue()).isEqualTo(proof.thumbprint());
        assertThat(token(withProof(proof))).isNotEqualTo(bound);
        assertThat(token(key, GATEWAY)).isEqualTo(unbound);
    }

    @Test
    void everyUseCounts() {
        RawKey limited = realm.key(alice, Map.of("name", "limited", "limits", Map.of("quota", Map.of("remaining", 2))));

        assertThat(token(limited, GATEWAY)).isEqualTo(token(limited, GATEWAY));

        assertThat(ask(limited, GATEWAY).statusCode()).isEqualTo(429);
    }

    private HttpRequest.Builder request(RawKey with, String client) {
        return gateway.request().header("X-API-Key", with.raw()).header("Authorization", RealmClients.basic(client));
    }

    private HttpRequest.Builder withProof(DpopKey proof) {
        return request(key, GATEWAY)
                .header(
                        "DPoP",
                        proof.proof("GET", KeycloakServer.running().uri("/realms/" + realm.name() + "/api-keys/auth")));
    }

    private HttpResponse<String> ask(RawKey with, String client) {
        return gateway.check(request(with, client));
    }

    private String token(RawKey with, String client) {
        return token(request(with, client));
    }

    private String token(HttpRequest.Builder request) {
        HttpResponse<String> answer = gateway.check(request);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.headers().firstValue("Authorization").orElseThrow().substring("Bearer ".length());
    }
}
