package io.apikeys.keycloak.support;

import static org.awaitility.Awaitility.await;

import io.apikeys.keycloak.support.TestRealm.User;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.GroupRepresentation;
import org.keycloak.representations.idm.RoleRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** The users of a test realm, and what an administrator or an attacker does to them. */
public final class RealmUsers {

    private final TestRealm realm;

    RealmUsers(TestRealm realm) {
        this.realm = realm;
    }

    /** Returns a user who came with the realm. */
    public User existing(String username) {
        return new User(
                realm.admin().users().searchByUsername(username, true).get(0).getId(), username);
    }

    public User withNothingButAName(String username) {
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.setEnabled(true);
        return create(user);
    }

    User withPassword(String username) {
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.setEmail(username.contains("@") ? username : username + "@example.org");
        user.setFirstName(username);
        user.setLastName("Example");
        user.setEnabled(true);
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(TestRealm.PASSWORD);
        user.setCredentials(List.of(password));
        return create(user);
    }

    /** Lets a user who came with a realm's import look after their own keys. */
    public void enableSelfService(User user) {
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(TestRealm.PASSWORD);
        realm.admin().users().get(user.id()).resetPassword(password);
        addClientRole(user, "account", "manage-account");
    }

    private User create(UserRepresentation user) {
        return new User(CreatedResponseUtil.getCreatedId(realm.admin().users().create(user)), user.getUsername());
    }

    /** Sets the language that a user has chosen. */
    public void speak(User user, String language) {
        change(user, representation -> representation.singleAttribute("locale", language));
    }

    /** Has a user's e-mail address count as verified. */
    public void verifyEmail(User user) {
        UserRepresentation representation = realm.admin().users().get(user.id()).toRepresentation();
        representation.setEmailVerified(true);
        realm.admin().users().get(user.id()).update(representation);
    }

    public void disable(User user) {
        change(user, representation -> representation.setEnabled(false));
    }

    public void requireAction(User user, String action) {
        change(user, representation -> representation.setRequiredActions(List.of(action)));
    }

    public void requireNoAction(User user) {
        change(user, representation -> representation.setRequiredActions(List.of()));
    }

    private void change(User user, Consumer<UserRepresentation> change) {
        UserRepresentation representation = realm.admin().users().get(user.id()).toRepresentation();
        change.accept(representation);
        realm.admin().users().get(user.id()).update(representation);
    }

    /** Takes all roles from a user but this one of the {@code account} client. */
    public void leaveOnlyAccountRole(User user, String role) {
        var realmRoles = realm.admin().users().get(user.id()).roles().realmLevel();
        realmRoles.remove(realmRoles.listAll());
        addClientRole(user, "account", role);
    }

    public void makeRole(String role) {
        realm.admin().roles().create(new RoleRepresentation(role, null, false));
    }

    /** Puts one realm role into another. */
    public void compose(String composite, String role) {
        realm.admin()
                .roles()
                .get(composite)
                .addComposites(List.of(realm.admin().roles().get(role).toRepresentation()));
    }

    /** Makes a group with a realm role that is there, and a user its member. */
    public void joinGroupWithRole(User user, String group, String role) {
        GroupRepresentation representation = new GroupRepresentation();
        representation.setName(group);
        String id = CreatedResponseUtil.getCreatedId(realm.admin().groups().add(representation));
        realm.wholly()
                .groups()
                .group(id)
                .roles()
                .realmLevel()
                .add(List.of(realm.admin().roles().get(role).toRepresentation()));
        realm.admin().users().get(user.id()).joinGroup(id);
    }

    /** Makes a group whose members administer the realm. */
    public void makeGroupWithAdminRole(String group) {
        GroupRepresentation representation = new GroupRepresentation();
        representation.setName(group);
        String id = CreatedResponseUtil.getCreatedId(realm.admin().groups().add(representation));
        String management = realm.clients().client("realm-management").getId();
        realm.wholly()
                .groups()
                .group(id)
                .roles()
                .clientLevel(management)
                .add(List.of(realm.admin()
                        .clients()
                        .get(management)
                        .roles()
                        .get("realm-admin")
                        .toRepresentation()));
    }

    /** Makes a realm role and gives it to a user. */
    public void giveRole(User user, String role) {
        makeRole(role);
        realm.admin()
                .users()
                .get(user.id())
                .roles()
                .realmLevel()
                .add(List.of(realm.admin().roles().get(role).toRepresentation()));
    }

    /** Makes a role of client {@code app} and gives it to a user. */
    public void giveAppRole(User user, String role) {
        realm.admin()
                .clients()
                .get(realm.clients().client("app").getId())
                .roles()
                .create(new RoleRepresentation(role, null, false));
        addClientRole(user, "app", role);
    }

    /** Makes a user an administrator of the realm. Classes of tests that call it run early ({@code @Order}): it takes the longer, the more realms there are. */
    public void makeAdministrator(User user) {
        addClientRole(user, "realm-management", "realm-admin", realm.wholly());
    }

    public void addClientRole(User user, String client, String role) {
        addClientRole(user, client, role, realm.granting());
    }

    private void addClientRole(User user, String client, String role, RealmResource by) {
        String clientId = realm.clients().client(client).getId();
        by.users()
                .get(user.id())
                .roles()
                .clientLevel(clientId)
                .add(List.of(
                        realm.admin().clients().get(clientId).roles().get(role).toRepresentation()));
    }

    /** Locks a user by three wrong passwords. */
    public void lock(User user) {
        realm.settings().lockAfterWrongPasswords();
        for (int i = 0; i < 3; i++) {
            realm.app().passwordGrant(user.username(), "wrong");
        }
        // Keycloak counts wrong passwords in the background.
        await().alias(user + " is locked").atMost(Duration.ofSeconds(20)).until(() -> isLocked(user));
    }

    public boolean isLocked(User user) {
        return Boolean.TRUE.equals(
                realm.admin().attackDetection().bruteForceUserStatus(user.id()).get("disabled"));
    }
}
