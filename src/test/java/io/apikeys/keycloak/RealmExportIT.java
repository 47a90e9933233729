package io.apikeys.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apikeys.keycloak.support.App.Tokens;
import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.NewRealm;
import io.apikeys.keycloak.support.Page;
import io.apikeys.keycloak.support.TestRealm;
import io.apikeys.keycloak.support.TestRealm.User;
import java.io.File;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code realm-export.json}, as an administrator imports it. */
class RealmExportIT {

    @ParameterizedTest
    @ValueSource(strings = {"alice", "bob"})
    void itsUsersSignInToTheDashboardWithAKeyAndNothingElse(String username) {
        TestRealm demo = NewRealm.demo();
        User user = demo.users().existing(username);
        String key = demo.key(user, Map.of("name", "laptop")).raw();

        Tokens tokens = demo.app().tokens(demo.app().logIn(new Browser()).typeKey(key));

        assertThat(tokens.idClaims().subject()).isEqualTo(user.id());
        assertThat(tokens.idClaims().at("/api_key/name").textValue()).isEqualTo("laptop");
    }

    @Test
    void aNewUserNeedsNeitherEmailNorName() {
        TestRealm demo = NewRealm.demo();
        String key = demo.key(demo.users().withNothingButAName("carol")).raw();

        assertThat(demo.app()
                        .tokens(demo.app().logIn(new Browser()).typeKey(key))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPasswordIsAnotherWay() {
        TestRealm demo = NewRealm.demo();
        User carol = demo.user("carol");

        Page callback = demo.app()
                .logIn(new Browser())
                .tryAnotherWay("Username and password")
                .logIn(carol.username(), TestRealm.PASSWORD);

        assertThat(demo.app().tokens(callback).idClaims().subject()).isEqualTo(carol.id());
    }

    @Test
    void theConfidentialClientGetsASecretOfItsOwn() {
        String first = NewRealm.demo().clients().client("reports-api").getSecret();
        String second = NewRealm.demo().clients().client("reports-api").getSecret();

        assertThat(first).hasSizeGreaterThan(20).isNotEqualTo(second);
    }

    @Test
    void nothingInTheFileOpensADoor() throws Exception {
        JsonNode export = new ObjectMapper().readTree(new File("realm-export.json"));

        assertThat(export.findValues("credentials")).isNotEmpty().allMatch(JsonNode::isTextual);
        assertThat(export.findValues("secret")).isEmpty();
        assertThat(export.findValues("secretData")).isEmpty();
        assertThat(export.findValues("privateKey")).isEmpty();
        assertThat(export.toString()).doesNotContain("kck_");
    }
}
