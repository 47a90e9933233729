package io.apikeys.keycloak.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.App;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.DpopKey;
import io.apikeys.keycloak.support.ForgedKey;
import io.apikeys.keycloak.support.RealmClients;
import io.apikeys.keycloak.support.RefusedKeys;
import io.apikeys.keycloak.support.Rest;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.events.EventType;

/** A confidential client exchanges a key for standard tokens (RFC 8693). */
class TokenExchangeIT {

    private static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private final RawKey key = realm.key(alice);
    private final App desk = realm.clients().exchanger("desk");

    @Test
    void aKeyGivesAnAccessTokenAndNoSession() {
        Tokens tokens = desk.exchange(key.raw());

        assertThat(tokens.status()).isEqualTo(200);
        assertThat(tokens.body().get("issued_token_type").textValue())
                .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
        assertThat(tokens.accessClaims().subject()).isEqualTo(alice.id());
        assertThat(tokens.accessClaims().authorizedParty()).isEqualTo("desk");
        assertThat(tokens.accessClaims().keyId()).isEqualTo(key.id());
        assertThat(tokens.accessClaims().has("sid")).isFalse();
        assertThat(tokens.refresh()).isNull();
        assertThat(realm.sessions().count(alice)).isZero();
    }

    @Test
    void theTokenIsGoodAtUserinfoAndIntrospection() {
        realm.clients().addToAudience("desk", "desk");
        Tokens tokens = desk.exchange(key.raw(), Map.of("scope", "openid"));

        assertThat(desk.userinfo(tokens.access()).claims().subject()).isEqualTo(alice.id());
        JsonNode answer = realm.clients()
                .existingResourceServer("desk")
                .introspect(tokens.access())
                .body();
        assertThat(answer.get("active").booleanValue()).isTrue();
        assertThat(answer.get("sub").textValue()).isEqualTo(alice.id());
    }

    @Test
    void aRefreshTokenOpensASessionIfTheClientMayHaveOne() {
        Tokens refused = desk.exchange(key.raw(), Map.of("requested_token_type", REFRESH_TOKEN));
        assertThat(refused.error()).isEqualTo("invalid_request");
        assertThat(realm.sessions().count(alice)).isZero();

        realm.clients().setAttribute("desk", "standard.token.exchange.enableRefreshRequestedTokenType", "SAME_SESSION");
        Tokens tokens = desk.exchange(key.raw(), Map.of("requested_token_type", REFRESH_TOKEN));

        assertThat(realm.sessions().count(alice)).isEqualTo(1);
        assertThat(desk.refresh(tokens).accessClaims().keyId()).isEqualTo(key.id());
        realm.keys().delete(key.id());
        assertThat(desk.refresh(tokens).status()).isEqualTo(400);
        assertThat(realm.sessions().count(alice)).isZero();
    }

    @Test
    void scopeAndAudienceAreAsInKeycloaksExchange() {
        realm.clients().resourceServer("reports");
        realm.clients().addToAudience("desk", "reports");

        assertThat(desk.exchange(key.raw(), Map.of("scope", "openid address"))
                        .accessClaims()
                        .text("scope"))
                .contains("openid", "address");
        assertThat(desk.exchange(key.raw(), Map.of("scope", "openid")).id()).isNotNull();
        assertThat(desk.exchange(key.raw(), Map.of("audience", "reports"))
                        .accessClaims()
                        .text("aud"))
                .isEqualTo("reports");
        assertError("invalid_scope", Map.of("scope", "nonsense"));
        assertError("invalid_client", Map.of("audience", "nonsense"));
        assertError("invalid_request", Map.of("audience", "app"));
        assertError("invalid_request", Map.of("requested_token_type", "nonsense"));
        assertError("invalid_request", Map.of("requested_subject", "bob"));
        assertError("invalid_request", Map.of("requested_issuer", "elsewhere"));
    }

    @Test
    void aRefusedExchangeLeavesNoSession() {
        realm.clients().setAttribute("desk", "standard.token.exchange.enableRefreshRequestedTokenType", "SAME_SESSION");

        assertError("invalid_request", Map.of("requested_token_type", REFRESH_TOKEN, "audience", "app"));
        assertError("invalid_request", Map.of("requested_token_type", REFRESH_TOKEN, "scope", "offline_access"));
    }

    @Test
    void aKeyThatIsNoGoodGivesNothing() throws Exception {
        for (String wrong : RefusedKeys.of(realm, alice)) {
            Tokens answer = desk.exchange(wrong);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.error()).isEqualTo("invalid_grant");
        }
        assertThat(desk.exchange("nonsense").errorDescription())
                .isEqualTo(desk.exchange(ForgedKey.of(alice.id())).errorDescription());
        realm.users().disable(alice);
        assertThat(desk.exchange(key.raw()).errorDescription()).isEqualTo("Account disabled");
    }

    @Test
    void wrongPasswordsDoNotLockKeys() {
        realm.users().lock(alice);

        assertThat(desk.exchange(key.raw()).status()).isEqualTo(200);
    }

    @Test
    void aPendingRequiredActionStopsIt() {
        realm.users().requireAction(alice, "UPDATE_PASSWORD");

        assertThat(desk.exchange(key.raw()).errorDescription()).isEqualTo("Account is not fully set up");
    }

    @Test
    void theClientHasToBeAllowedAndAuthenticated() {
        realm.clients().resourceServer("reports");
        assertThat(realm.clients().existingApp("reports").exchange(key.raw()).error())
                .isEqualTo("unauthorized_client");
        assertThat(realm.app().exchange(key.raw()).status())
                .as("a public client")
                .isEqualTo(400);
        realm.clients().disableClient("desk");
        assertThat(desk.exchange(key.raw()).status()).isEqualTo(401);
    }

    @Test
    void consentThatIsNotThereIsNotGuessed() {
        realm.clients().requireConsent("desk");

        assertThat(desk.exchange(key.raw()).errorDescription()).contains("Missing consents");
    }

    @Test
    void theTokenOfATransientSessionEndsWithTheKey() {
        realm.clients().addToAudience("desk", "desk");
        String token = desk.exchange(key.raw(), Map.of("scope", "openid")).access();
        String account = "/realms/" + realm.name() + "/account";
        assertThat(Rest.with(token).status("GET", account)).isEqualTo(200);

        realm.keys().change(key.id(), Map.of("enabled", false));

        assertThat(desk.userinfo(token).status()).isEqualTo(401);
        assertThat(desk.userinfoByForm(token).status()).isEqualTo(401);
        assertThat(realm.clients()
                        .existingResourceServer("desk")
                        .introspect(token)
                        .isActive())
                .isFalse();
        assertThat(Rest.with(token).status("GET", account)).isEqualTo(401);
        assertThat(Rest.with(token).status("GET", "/realms/" + realm.name() + "/api-keys"))
                .isEqualTo(401);
        assertThat(desk.exchangeToken(token, Map.of()).status()).isEqualTo(400);
    }

    @Test
    void tokensEndNoLaterThanTheKey() {
        RawKey shortLived = realm.key(alice, Map.of("name", "short-lived", "expiresIn", 30));

        Tokens tokens = desk.exchange(shortLived.raw(), Map.of("scope", "openid"));

        assertThat(tokens.body().get("expires_in").asLong()).isBetween(1L, 30L);
        assertThat(tokens.idClaims().get("exp").asLong())
                .isEqualTo(tokens.accessClaims().get("exp").asLong());
    }

    @Test
    void aTokenIsBoundWhereKeycloakBindsIt() {
        DpopKey proof = new DpopKey();
        assertThat(desk.provingThatItHas(proof)
                        .exchange(key.raw())
                        .accessClaims()
                        .at("/cnf/jkt")
                        .textValue())
                .isEqualTo(proof.thumbprint());

        realm.clients().setAttribute("desk", "dpop.bound.access.tokens", "true");
        assertError("invalid_request", Map.of());
        assertThat(realm.gateway()
                        .check(realm.gateway()
                                .request()
                                .header("X-API-Key", key.raw())
                                .header("Authorization", RealmClients.basic("desk")))
                        .statusCode())
                .isEqualTo(403);

        realm.clients().setAttribute("desk", "dpop.bound.access.tokens", "false");
        realm.clients().setAttribute("desk", "tls.client.certificate.bound.access.tokens", "true");
        assertError("invalid_request", Map.of());
    }

    @Test
    void eventsNameTheKey() {
        desk.exchange(key.raw());
        desk.exchange(ForgedKey.of(alice.id()));

        assertThat(realm.events().ofType(EventType.TOKEN_EXCHANGE).get(0).getDetails())
                .containsEntry("api_key_id", key.id())
                .containsEntry("credential_type", "api-key");
        assertThat(realm.events().ofType(EventType.TOKEN_EXCHANGE).get(0).getUserId())
                .isEqualTo(alice.id());
        assertThat(realm.events().ofType(EventType.TOKEN_EXCHANGE_ERROR).get(0).getError())
                .isEqualTo("invalid_user_credentials");
    }

    @Test
    void aRealmsNotBeforeEndsTheTokens() {
        realm.clients().addToAudience("desk", "desk");
        String token = desk.exchange(key.raw(), Map.of("scope", "openid")).access();

        realm.sessions().revokeAllTokens();

        assertThat(desk.userinfo(token).status()).isEqualTo(401);
        assertThat(realm.clients()
                        .existingResourceServer("desk")
                        .introspect(token)
                        .isActive())
                .isFalse();
    }

    private void assertError(String error, Map<String, String> parameters) {
        Tokens answer = desk.exchange(key.raw(), parameters);
        assertThat(answer.status()).as(parameters.toString()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo(error);
        assertThat(realm.sessions().count(alice)).isZero();
    }
}
