package io.apikeys.keycloak.internals.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeysApi;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.SamlClients;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import io.apikeys.keycloak.support.TestRealm.User;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key for one organization of its holder. */
class OrganizationIT {

    private final TestRealm realm = TestRealm.create();
    private final User alice = realm.user("alice");
    private RawKey key;

    @BeforeEach
    void organize() {
        realm.flow("key alone").create().step("api-key-form", "REQUIRED").bind();
        realm.organizations().make("acme", "umbrella", "initech");
        realm.organizations().join(alice, "acme");
        realm.organizations().join(alice, "umbrella");
        key = realm.key(alice, Map.of("name", "for acme", "restrictions", Map.of("organization", "acme")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"organization:*", "organization:acme", "organization:acme organization:umbrella"})
    void itsTokensAreOfThatOneWhateverIsAskedFor(String scope) {
        Tokens tokens = signIn("openid " + scope);

        assertThat(tokens.accessClaims().get("organization")).hasToString("[\"acme\"]");
        assertThat(tokens.accessClaims().text("scope"))
                .contains("organization:acme")
                .doesNotContain("umbrella", "*");
        assertThat(realm.app().refresh(tokens).accessClaims().get("organization"))
                .hasToString("[\"acme\"]");
        assertThat(realm.clients()
                        .exchanger("desk")
                        .exchange(key.raw(), Map.of("scope", scope))
                        .accessClaims()
                        .get("organization"))
                .hasToString("[\"acme\"]");
    }

    @Test
    void aSamlAssertionNamesThatOneAlone() {
        realm.clients().saml().make("saml-program");
        Page page = realm.clients().saml().open("saml-program", new Browser()).typeKey(key.raw());

        assertThat(SamlClients.assertion(page)).contains(">acme<").doesNotContain("umbrella");
    }

    @Test
    void rolesOfGroupsInAnOrganizationAreNotShownPastTheKey() {
        realm.users().makeRole("boss");
        realm.organizations().makeGroupWithRole("acme", "bosses", "boss", alice);
        realm.clients()
                .addMapper(
                        "app",
                        "oidc-organization-group-membership-mapper",
                        Map.of("addGroupRoleMappings", "true", "access.token.claim", "true", "id.token.claim", "true"));
        RawKey narrow = realm.key(alice, Map.of("name", "narrow", "restrictions", Map.of("realmRoles", List.of())));

        Tokens whole = realm.app()
                .directGrant(Map.of(
                        "username", "alice", "password", TestRealm.PASSWORD, "scope", "openid organization:acme"));
        Tokens narrowed = realm.app()
                .tokens(realm.app()
                        .logIn(new Browser(), Map.of("scope", "openid organization:acme"))
                        .typeKey(narrow.raw()));

        assertThat(whole.accessClaims().get("organization").toString()).contains("/bosses", "\"boss\"");
        assertThat(narrowed.accessClaims().get("organization").toString())
                .contains("/bosses")
                .doesNotContain("\"boss\"");
    }

    @Test
    void withoutTheScopeThereIsNoOrganization() {
        assertThat(signIn("openid").accessClaims().has("organization")).isFalse();
    }

    @Test
    void whoLeavesItCannotUseTheKey() {
        Tokens tokens = signIn("openid organization:acme");
        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(200);

        realm.organizations().leave(alice, "acme");

        assertThat(realm.gateway().check(key.raw()).statusCode()).isEqualTo(401);
        assertThat(realm.app().refresh(tokens).status()).isEqualTo(400);
        assertThat(realm.app().logIn(new Browser()).typeKey(key.raw()).keyError())
                .isEqualTo("This API key cannot be used for this application or from this network.");
    }

    @Test
    void onlyOrganizationsOfTheHolderCanBeNamed() {
        KeysApi keys = KeysApi.selfService(
                realm, realm.app().passwordGrant("alice", TestRealm.PASSWORD).access());
        for (String other : List.of("initech", "nonsense")) {
            assertThat(keys.create(Map.of("name", "x", "restrictions", Map.of("organization", other)))
                            .field())
                    .isEqualTo("restrictions.organization");
        }
        assertThat(keys.change(key.id(), "{\"restrictions\":{\"organization\":null}}")
                        .field())
                .as("a holder may not widen")
                .isEqualTo("restrictions.organization");
    }

    private Tokens signIn(String scope) {
        return realm.app()
                .tokens(realm.app().logIn(new Browser(), Map.of("scope", scope)).typeKey(key.raw()));
    }
}
