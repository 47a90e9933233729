package io.apikeys.keycloak.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {

    private static final List<String> NONE = List.of();

    /** Of a key that may do nothing beyond being a key. */
    private static final KeyRights PLAIN = new KeyRights(false, false, false, NONE);

    private static final KeyRights ADMINISTERS = new KeyRights(false, true, false, NONE);
    private static final KeyRights MANAGES_CREDENTIALS = new KeyRights(false, true, true, NONE);
    private static final KeyRights ENDED = new KeyRights(true, false, false, NONE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "resources/x/login/keycloak.v2/css/styles.css",
                "realms/r",
                "realms//r/",
                "auth/realms/r/protocol/openid-connect/token",
                "realms/r/protocol/openid-connect/auth",
                "realms/r/protocol/openid-connect/auth/device",
                "realms/r/protocol/openid-connect/token",
                "realms/r/protocol/openid-connect/token/introspect",
                "realms/r/protocol/openid-connect/userinfo",
                "realms/r/protocol/openid-connect/revoke",
                "realms/r/protocol/openid-connect/logout/backchannel-logout",
                "realms/r/protocol/openid-connect/ext/par/request",
                "realms/r/protocol/saml",
                "realms/r/protocol/saml/clients/app",
                "realms/r/login-actions/authenticate",
                "realms/r/broker/idp/endpoint/callback",
                "realms/r/.well-known/openid-configuration",
                "realms/r/api-keys/auth",
                "realms/r/api-keys/auth/orders/1",
                "realms/r/api-keys/console",
                "realms/r/api-keys/revoke",
                "realms/r/api-keys/alerts/github",
                "realms/r/api-keys/ui/api-keys.js",
                "realms/admin/protocol/openid-connect/token",
            })
    void isOpenWithoutALookForKeys(String path) {
        assertThat(Route.of("POST", path).isOpen()).isTrue();
        assertThat(Route.of("POST", path).decide(ENDED)).isEqualTo(Decision.ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({
        "realms/r/protocol/openid-connect/token,        true",
        "/realms/r/protocol/openid-connect/userinfo,    true",
        "realms/realms/protocol/openid-connect/certs,   true",
        "realms/r/account/protocol/openid-connect/x,    false",
        "realms/r/protocol/openid-connect/a/b,          false",
        "realms/r/protocol/openid-connect/,             false",
        "realms/r/protocol/openid-connect/..,           false",
        "realms/../protocol/openid-connect/token,       false",
        "realms/r/protocol/openid-connect/token;x=1,    false",
        "realms/r/protocol/openid-connect/token%2Fx,    false",
        "realms//protocol/openid-connect/token,         false",
        "admin/realms/r/protocol/openid-connect/token,  false",
        "x/realms/r/protocol/openid-connect/token,      false",
        "protocol/openid-connect/token,                 false",
    })
    void aShortLookFindsTheEndpointsOfOpenIdConnect(String path, boolean found) {
        assertThat(Route.isOpenIdConnect(path)).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "realms/r/protocol/openid-connect/token",
                "/realms/r/protocol/openid-connect/userinfo",
                "realms/realms/protocol/openid-connect/certs",
            })
    void whatAShortLookFindsIsOpen(String path) {
        assertThat(Route.isOpenIdConnect(path)).isTrue();
        assertThat(Route.of("GET", path).isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "realms/r/authz/protection/resource_set",
                "realms/r/authz/protection/uma-policy/1",
                "realms/r/broker/idp/token",
                "realms/r/clients-managements/register-node",
                "realms/r/protocol/oid4vc/credential",
                "realms/r/protocol/oid4vc/create-credential-offer",
                "realms/r/protocol/docker-v2/auth",
                "realms/r/protocol/openid-connect/ext/other",
                "realms/r/protocol/openid-connect/token/other",
                "realms/r/extension",
                "realms/r/extension/orders",
                "realms/r/protocol",
                "realms",
                "realms/r/protocol/openid-connect/../../account/credentials/1",
                "realms/r/protocol/openid-connect/;x/token",
                "realms/r/protocol/openid-connect/%2e%2e",
            })
    void isRefusedToEveryKey(String path) {
        for (String method : List.of("GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND")) {
            assertThat(Route.of(method, path).isOpen()).isFalse();
            for (KeyRights key : List.of(PLAIN, ADMINISTERS, MANAGES_CREDENTIALS, ENDED)) {
                assertThat(Route.of(method, path).decide(key)).isEqualTo(Decision.REFUSED);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    realms/r/account/credentials,          ALLOWED",
        "GET,    realms/r/account/v1/sessions/devices,  ALLOWED",
        "GET,    realms/r/account,                      ALLOWED",
        "POST,   realms/r/account,                      REFUSED",
        "POST,   realms/r/account/,                     REFUSED",
        "PUT,    realms/r/account/credentials/1/label,  REFUSED",
        "DELETE, realms/r/account/credentials/1,        REFUSED",
        "GET,    realms/r/broker/idp/link,              REFUSED",
        "GET,    realms/r/broker/idp/link/,             REFUSED",
        "DELETE, realms/r/account/linked-accounts/idp,  REFUSED",
        "DELETE, realms/r/account/applications/x/consent, REFUSED",
        "PUT,    realms/r/account/resources/1/permissions, REFUSED",
        "GET,    realms/r/api-keys,                     ALLOWED",
        "POST,   realms/r/api-keys,                     ALLOWED",
        "DELETE, realms/r/api-keys/1,                   ALLOWED",
        "GET,    admin/realms/r/users,                  REFUSED",
        "GET,    admin/serverinfo,                      REFUSED",
        "GET,    auth/admin/realms/r/users,             REFUSED",
        "GET,    admin/r/console/whoami,                REFUSED",
        "GET,    realms/r/scim/v2/Users,                REFUSED",
        "GET,    realms/r/clients-registrations/default/app, REFUSED",
        "POST,   realms/r/clients-registrations/default, REFUSED",
    })
    void aKeyReadsAccountsAndUsesItsOwnApi(String method, String path, Decision decision) {
        assertThat(Route.of(method, path).decide(PLAIN)).isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    admin/realms/r/users,                                ALLOWED",
        "POST,   admin/realms/r/users,                                ALLOWED",
        "PUT,    admin/realms/r/users/1,                              ALLOWED",
        "DELETE, admin/realms/r/users/1,                              ALLOWED",
        "POST,   admin/realms/r/clients,                              ALLOWED",
        "GET,    realms/r/scim/v2/Users,                              ALLOWED",
        "POST,   realms/r/scim/v2/Users,                              ALLOWED",
        "GET,    realms/r/clients-registrations/default/app,          REFUSED",
        "POST,   realms/r/clients-registrations/default,              REFUSED",
        "GET,    admin/realms/r/users/1/credentials,                  ALLOWED",
        "DELETE, admin/realms/r/users/1/credentials/2,                REFUSED",
        "PUT,    admin//realms/r/users/1/reset-password,              REFUSED",
        "PUT,    auth/admin/realms/r/users/1/execute-actions-email,   REFUSED",
        "POST,   admin/realms/r/users/1/federated-identity/idp,       REFUSED",
        "POST,   admin/realms/r/users/1/impersonation,                REFUSED",
        "GET,    admin/realms/r/users/1/impersonation,                REFUSED",
        "POST,   admin/realms/r/partialImport,                        REFUSED",
        "GET,    admin/realms/r/authentication/flows,                 ALLOWED",
        "PUT,    admin/realms/r/authentication/required-actions/CREATE_API_KEY/config, REFUSED",
        "PUT,    admin/realms/r/authentication/required-actions/CREATE_API_KEY,        REFUSED",
        "POST,   admin/realms/r/authentication/register-required-action,               REFUSED",
        "POST,   admin/realms/r/clients-initial-access,               REFUSED",
        "POST,   admin/realms/r/clients/1/registration-access-token,  REFUSED",
        "POST,   admin/realms/r/components,                           REFUSED",
        "POST,   admin/realms/r/identity-provider/instances,          REFUSED",
        "POST,   admin/realms/r/workflows,                            REFUSED",
        "PUT,    admin/realms/r,                                      REFUSED",
        "PUT,    admin/realms/r/ui-ext,                               REFUSED",
        "POST,   admin/realms,                                        REFUSED",
        "PUT,    admin/realms/r/users/profile,                        REFUSED",
        "DELETE, admin/realms/r/events,                               REFUSED",
        "POST,   admin/realms/r/clients/1/client-secret,              REFUSED",
        "POST,   admin/realms/r/groups/1/role-mappings/realm,         REFUSED",
        "POST,   admin/realms/r/roles/x/composites,                   REFUSED",
        "POST,   admin/realms/r/users/1/role-mappings/realm,          ALLOWED",
        "PUT,    admin/realms/r/users/1/groups/2,                     ALLOWED",
        "PUT,    admin/realms/r/an-extension,                         REFUSED",
        "POST,   admin/api/r/clients/v2,                              REFUSED",
        "GET,    admin/api/r/clients/v2,                              REFUSED",
        "GET,    admin/realms/r/clients/1,                            ALLOWED",
        "GET,    admin/realms/r/clients/1/client-secret,              REFUSED",
        "GET,    admin/realms/r/clients/1/client-secret/rotated,      REFUSED",
        "GET,    admin/realms/r/clients/1/certificates/jwt.credential, REFUSED",
        "GET,    admin/realms/r/clients/1/installation/providers/x,   REFUSED",
        "POST,   admin/realms/r/clients/1/protocol-mappers/models,    REFUSED",
        "GET,    admin/realms/r/clients/1/protocol-mappers/models,    ALLOWED",
        "PUT,    admin/realms/r/client-scopes/1/protocol-mappers/models/2, REFUSED",
        "POST,   admin/realms/r/client-scopes,                        ALLOWED",
        "GET,    admin/realms/r/api-keys,                             ALLOWED",
        "POST,   admin/realms/r/api-keys,                             REFUSED",
        "DELETE, admin/realms/r/api-keys/1,                           REFUSED",
    })
    void anAdministeringKeyWritesNothingThatOutlivesIt(String method, String path, Decision decision) {
        assertThat(Route.of(method, path).decide(ADMINISTERS)).isEqualTo(decision);
    }

    @Test
    void theRealmLetsKeySessionsManageCredentials() {
        for (String path : List.of(
                "realms/r/account/credentials/1",
                "realms/r/account/linked-accounts/idp",
                "realms/r/broker/idp/link",
                "admin/realms/r/users/1/reset-password",
                "admin/realms/r/components/1",
                "admin/realms/r/partialImport")) {
            assertThat(Route.of("PUT", path).decide(MANAGES_CREDENTIALS)).isEqualTo(Decision.ALLOWED);
        }
        assertThat(Route.of("POST", "admin/realms/r/users/1/impersonation").decide(MANAGES_CREDENTIALS))
                .isEqualTo(Decision.REFUSED);
    }

    @Test
    void someFieldsAreNotWrittenByKeys() {
        assertThat(Route.of("PUT", "admin/realms/r/users/1").keptFields()).contains("credentials");
        assertThat(Route.of("POST", "admin//realms/r/users/").keptFields()).contains("requiredActions");
        assertThat(Route.of("PUT", "admin/realms/r/clients/1").keptFields())
                .contains("authenticationFlowBindingOverrides");
        assertThat(Route.of("GET", "admin/realms/r/users/1").keptFields()).isEmpty();
        assertThat(Route.of("PUT", "admin/realms/r/users/1/groups/2").keptFields())
                .isEmpty();
        assertThat(Route.of("POST", "admin/realms/r/groups/1/children").keptFields())
                .contains("id");
        assertThat(Route.of("POST", "admin/realms/r/organizations/1/groups/2/children")
                        .keptFields())
                .contains("id");
        assertThat(Route.of("PUT", "admin/realms/r/groups/1").keptFields()).isEmpty();
    }

    @Test
    void anEncodedSlashBelongsToANameAndDividesNothing() {
        assertThat(Route.of("POST", "admin/realms/r/users/f:1:a%2Fb/impersonation")
                        .decide(MANAGES_CREDENTIALS))
                .isEqualTo(Decision.REFUSED);
        assertThat(Route.of("PUT", "admin/realms/r/users/f:1:a%2fb/reset-password")
                        .decide(ADMINISTERS))
                .isEqualTo(Decision.REFUSED);
        assertThat(Route.of("PUT", "admin/realms/r/users/f:1:a%2Fb").keptFields())
                .contains("credentials");
        assertThat(Route.of("PUT", "admin/realms/r/users/100%").keptFields()).contains("credentials");
    }

    @Test
    void theRealmAdmitsKeysToAnotherExtension() {
        KeyRights key = new KeyRights(false, false, false, List.of("shop/orders"));

        assertThat(Route.of("POST", "realms/r/shop/orders").decide(key)).isEqualTo(Decision.ALLOWED);
        assertThat(Route.of("POST", "realms/r/shop/orders/1").decide(key)).isEqualTo(Decision.ALLOWED);
        assertThat(Route.of("POST", "realms/r/shop").decide(key)).isEqualTo(Decision.REFUSED);
        assertThat(Route.of("POST", "realms/r/shop/orders-of-others").decide(key))
                .isEqualTo(Decision.REFUSED);
        assertThat(Route.of("POST", "realms/r/shop/orders/../secrets").decide(key))
                .isEqualTo(Decision.REFUSED);
        assertThat(Route.of("POST", "realms/r/shop/orders;x").decide(key)).isEqualTo(Decision.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "realms/r/account/credentials",
                "realms/r/api-keys",
                "admin/realms/r/users",
                "realms/r/shop/orders"
            })
    void anEndedKeyIsToldSoWhereItCouldHaveGone(String path) {
        KeyRights ended = new KeyRights(true, false, false, List.of("shop"));

        assertThat(Route.of("GET", path).decide(ended)).isEqualTo(Decision.ENDED);
    }

    @Test
    void theRealmThatIsAdministeredIsPartOfThePath() {
        assertThat(Route.of("GET", "admin/realms/other/users").administeredRealm())
                .contains("other");
        assertThat(Route.of("GET", "realms/other/scim/v2/Users").administeredRealm())
                .contains("other");
        assertThat(Route.of("GET", "admin/serverinfo").administeredRealm()).isEmpty();
        assertThat(Route.of("GET", "realms/other/account").administeredRealm()).isEmpty();
    }
}
