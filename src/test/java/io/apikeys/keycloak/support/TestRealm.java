package io.apikeys.keycloak.support;

import io.apikeys.keycloak.support.App.Tokens;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/**
 * A realm of its own for a test: its browser flow takes a password or, under "Try another way", an API key; a client
 * {@code app}; events are kept; users may have keys. {@link NewRealm} has other ones.
 */
public final class TestRealm {

    public static final String PASSWORD = "a password";

    private final String name;
    private final RealmClients clients;
    private final RealmUsers users = new RealmUsers(this);
    private final RealmSettings settings = new RealmSettings(this);
    private final RealmRequiredActions requiredActions = new RealmRequiredActions(this);
    private final RealmOrganizations organizations = new RealmOrganizations(this);
    private final RealmSessions sessions = new RealmSessions(this);
    private final RealmEvents events = new RealmEvents(this);
    private final App app;

    TestRealm(String name) {
        this.name = name;
        this.clients = new RealmClients(name, admin());
        this.app = clients.app("app");
    }

    TestRealm(String name, App app) {
        this.name = name;
        this.clients = new RealmClients(name, admin());
        this.app = app;
    }

    public record User(String id, String username) {}

    /**
     * A key as its holder got it.
     *
     * @param raw the key itself
     */
    public record RawKey(String id, String raw) {}

    public static TestRealm create() {
        return importing(List.of());
    }

    /** Makes a realm that comes with users, as the import of an exported realm does; their ids stay what they are. */
    public static TestRealm importing(List<UserRepresentation> users) {
        return importing(realm -> realm.setUsers(users));
    }

    /** Makes a realm that comes with more than its settings. */
    public static TestRealm importing(Consumer<RealmRepresentation> more) {
        return NewRealm.withKeys(more);
    }

    public String name() {
        return name;
    }

    /** Returns Keycloak's Admin REST API for this realm. */
    public RealmResource admin() {
        return isMaster() ? wholly() : RealmsAdministrator.client().realm(name);
    }

    /** Returns the realm as it is administered by whoever may grant every role. */
    RealmResource wholly() {
        return RealmsAdministrator.ofServer().realm(name);
    }

    /** Returns the realm as it is administered by whoever may grant most roles. */
    RealmResource granting() {
        return settings.haveFineGrainedPermissions() ? wholly() : admin();
    }

    private boolean isMaster() {
        return name.equals("master");
    }

    public App app() {
        return app;
    }

    public RealmClients clients() {
        return clients;
    }

    public RealmUsers users() {
        return users;
    }

    public RealmSettings settings() {
        return settings;
    }

    public RealmRequiredActions requiredActions() {
        return requiredActions;
    }

    public RealmOrganizations organizations() {
        return organizations;
    }

    public RealmSessions sessions() {
        return sessions;
    }

    public RealmEvents events() {
        return events;
    }

    public Gateway gateway() {
        return new Gateway(name);
    }

    /** Returns a flow to build on; see {@link Flow}. */
    public Flow flow(String alias) {
        return new Flow(admin(), alias);
    }

    public void loginTheme(String theme) {
        settings.change(representation -> representation.setLoginTheme(theme));
    }

    public void accountTheme(String theme) {
        settings.change(representation -> representation.setAccountTheme(theme));
    }

    public void adminTheme(String theme) {
        settings.change(representation -> representation.setAdminTheme(theme));
    }

    /** Sets the realm's policy for keys, as the Admin Console does; answers the status. */
    public int setPolicy(Map<String, String> policy) {
        return requiredActions.configureKeys(policy);
    }

    /** Registers the required action without which a realm has no keys; Keycloak enables it, too. */
    public void registerKeys() {
        requiredActions.registerKeys();
    }

    /** Turns the realm's keys off, and all that came of them. */
    public void turnKeysOff() {
        requiredActions.disableKeys();
    }

    public void turnKeysOn() {
        requiredActions.enableKeys();
    }

    /** Makes a user with a password. */
    public User user(String username) {
        return users.withPassword(username);
    }

    /** Signs a user in on the login page, in a browser of their own, and returns what the app gets. */
    public Tokens signIn(User user) {
        return app.tokens(app.logIn(new Browser()).logIn(user.username(), PASSWORD));
    }

    public RawKey key(User holder) {
        return key(holder, Map.of("name", "key " + UUID.randomUUID()));
    }

    /** Makes a key with these fields of the request, such as {@code name} and {@code expiresIn}. */
    public RawKey key(User holder, Map<String, Object> fields) {
        return keys().issue(holder, fields);
    }

    /** Makes a key of a new user. */
    public RawKey keyOfSomebody() {
        return key(user("somebody"));
    }

    /** Returns the keys of this realm, as an administrator of the realm sees them. */
    public KeysApi keys() {
        return KeysApi.admin(this, isMaster() ? RealmsAdministrator.tokenOfServer() : RealmsAdministrator.token());
    }

    /** Returns the keys of this realm, as a user sees their own who has just signed in on the login page. */
    public KeysApi keysOf(User user) {
        return KeysApi.selfService(this, signIn(user).access());
    }

    /** Returns the keys of this realm, as a user sees them who administers them, or tries to. */
    public KeysApi keysAsAdministrator(User administrator) {
        return KeysApi.admin(
                this, app.passwordGrant(administrator.username(), PASSWORD).access());
    }

    /** Returns the keys of this realm, as a new user sees them who has these roles of its {@code realm-management} client. */
    public KeysApi keysAsAdministratorWith(String... roles) {
        User administrator = user("administrator-" + String.join("-", roles));
        for (String role : roles) {
            users.addClientRole(administrator, "realm-management", role);
        }
        return keysAsAdministrator(administrator);
    }
}
