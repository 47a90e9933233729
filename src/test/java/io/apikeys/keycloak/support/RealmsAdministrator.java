package io.apikeys.keycloak.support;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.admin.client.resource.UserResource;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/**
 * A user of the master realm who makes the realms of one class of tests and administers those alone. Keycloak looks through all roles
 * that its administrators have whenever it asks what they may do; for one of all realms of a run that would be most of what it does.
 */
public final class RealmsAdministrator implements AfterAllCallback {

    private static Keycloak current;

    /** Returns a client of the Admin REST API for the realms of the class that runs now. */
    static synchronized Keycloak client() {
        if (current == null) {
            current = create("administrator-" + UUID.randomUUID().toString().substring(0, 8));
        }
        return current;
    }

    /** Returns a client of the Admin REST API for the whole server. */
    static Keycloak ofServer() {
        return OfServer.CLIENT;
    }

    /** Returns the access token of the administrator of the realms that this class of tests has made. */
    public static String token() {
        return client().tokenManager().getAccessTokenString();
    }

    /** Returns the access token of the administrator of the whole server. */
    public static String tokenOfServer() {
        return ofServer().tokenManager().getAccessTokenString();
    }

    private static Keycloak create(String username) {
        String password = UUID.randomUUID().toString();
        CredentialRepresentation credential = new CredentialRepresentation();
        credential.setType(CredentialRepresentation.PASSWORD);
        credential.setValue(password);
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.setEnabled(true);
        user.setEmail(username + "@example.org");
        user.setEmailVerified(true);
        user.setFirstName("Realms");
        user.setLastName("Administrator");
        user.setCredentials(List.of(credential));
        RealmResource master = ofServer().realm("master");
        UserResource created = master.users()
                .get(CreatedResponseUtil.getCreatedId(master.users().create(user)));
        created.roles()
                .realmLevel()
                .add(List.of(master.roles().get("create-realm").toRepresentation()));
        return Keycloak.getInstance(KeycloakServer.running().url(), "master", username, password, "admin-cli");
    }

    /** The next class gets an administrator of its own. */
    @Override
    public void afterAll(ExtensionContext context) {
        forget();
    }

    private static synchronized void forget() {
        current = null;
    }

    /** Apart, because this extension is also there where tests need no server. */
    private static final class OfServer {
        private static final Keycloak CLIENT = Keycloak.getInstance(
                KeycloakServer.running().url(),
                "master",
                KeycloakServer.ADMIN,
                KeycloakServer.ADMIN_PASSWORD,
                "admin-cli");
    }
}
