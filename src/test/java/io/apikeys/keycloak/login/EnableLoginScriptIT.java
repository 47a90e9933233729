package io.apikeys.keycloak.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/enable-api-key-login.sh}, as the README tells administrators to use it. */
class EnableLoginScriptIT {

    private final TestRealm realm = TestRealm.withBuiltInFlows();

    @Test
    void anyRealmIsEnabledAndCanBeEnabledAgain() throws Exception {
        assertThat(realm.app().logIn(new Browser()).offersAnotherWay()).isFalse();

        Shell.Result first = enable(realm.name());

        assertThat(first.exitCode()).as(first.output()).isZero();
        assertThat(realm.admin().flows().getRequiredAction("CREATE_API_KEY").isEnabled())
                .isTrue();
        String key = realm.keyOfSomebody().raw();
        assertThat(realm.app().logIn(new Browser()).tryApiKey().typeKey(key).isBackAtTheApp())
                .isTrue();
        Shell.Result second = enable(realm.name());
        assertThat(second.exitCode()).as(second.output()).isZero();
        assertThat(second.output()).contains("already");
    }

    @Test
    void aRealmThatDoesNotExistIsAnError() throws Exception {
        assertThat(enable("no-such-realm").exitCode()).isNotZero();
    }

    private static Shell.Result enable(String realm) throws Exception {
        return KeycloakServer.running().kcadm(Path.of("docs", "enable-api-key-login.sh"), realm);
    }
}
