package io.apikeys.keycloak.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.Browser;
import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.NewRealm;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** {@code docs/enable-api-key-login.sh}, as the README tells administrators to use it. */
class EnableLoginScriptIT {

    private final TestRealm realm = NewRealm.withBuiltInFlows();

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
        realm.turnKeysOff();
        Shell.Result second = enable(realm.name());
        assertThat(second.exitCode()).as(second.output()).isZero();
        assertThat(second.output()).contains("already");
        assertThat(realm.app().logIn(new Browser()).tryApiKey().typeKey(key).isBackAtTheApp())
                .as("where keys had been turned off")
                .isTrue();
    }

    @Test
    void aRealmIsEnabledCheckedAndDisabledWhateverItsName() throws Exception {
        TestRealm office = NewRealm.withBuiltInFlows("Büro " + UUID.randomUUID());
        assertThat(run("enable-api-key-login.sh", "--check", office.name()).output())
                .contains(
                        "API keys enabled: false",
                        "Browser flow: browser",
                        "Login with an API key: false",
                        "Account theme: none");

        Shell.Result enabled = run("enable-api-key-login.sh", office.name());
        assertThat(enabled.exitCode()).as(enabled.output()).isZero();
        assertThat(run("enable-api-key-login.sh", "--check", office.name()).output())
                .contains(
                        "API keys enabled: true",
                        "Browser flow: browser with API key",
                        "Login with an API key: true",
                        "Account theme: api-keys");

        Shell.Result disabled = run("disable-api-key-login.sh", office.name());
        assertThat(disabled.exitCode()).as(disabled.output()).isZero();
        assertThat(office.admin().toRepresentation().getBrowserFlow()).isEqualTo("browser");
        assertThat(office.admin().toRepresentation().getAccountTheme()).isNullOrEmpty();
        assertThat(office.admin().flows().getFlows())
                .isNotEmpty()
                .noneMatch(flow -> flow.getAlias().contains("API key"));
        assertThat(office.admin().flows().getRequiredActions())
                .isNotEmpty()
                .noneMatch(action -> action.getAlias().equals("CREATE_API_KEY"));

        Shell.Result again = run("enable-api-key-login.sh", office.name());
        assertThat(again.exitCode()).as(again.output()).isZero();
        assertThat(office.admin().toRepresentation().getBrowserFlow()).isEqualTo("browser with API key");
    }

    @Test
    void aRealmKeepsAnAccountThemeOfItsOwn() throws Exception {
        realm.accountTheme("keycloak.v3");

        assertThat(enable(realm.name()).output()).contains("keeps its account theme \"keycloak.v3\"");
        assertThat(realm.admin().toRepresentation().getAccountTheme()).isEqualTo("keycloak.v3");
        assertThat(run("disable-api-key-login.sh", realm.name()).exitCode()).isZero();
        assertThat(realm.admin().toRepresentation().getAccountTheme()).isEqualTo("keycloak.v3");
    }

    @Test
    void aRealmThatDoesNotExistIsAnError() throws Exception {
        assertThat(enable("no-such-realm").exitCode()).isNotZero();
    }

    private static Shell.Result enable(String realm) throws Exception {
        return run("enable-api-key-login.sh", realm);
    }

    private static Shell.Result run(String script, String... arguments) throws Exception {
        return KeycloakServer.running().kcadm(Path.of("docs", script), arguments);
    }
}
