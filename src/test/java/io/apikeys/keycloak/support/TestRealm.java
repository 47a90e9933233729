package io.apikeys.keycloak.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.App.Tokens;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.resource.OrganizationGroupsResource;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.events.EventType;
import org.keycloak.representations.idm.AdminEventRepresentation;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.representations.idm.GroupRepresentation;
import org.keycloak.representations.idm.OrganizationDomainRepresentation;
import org.keycloak.representations.idm.OrganizationRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.RequiredActionProviderRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/**
 * A realm of its own for a test: its browser flow takes a password or, under "Try another way", an API key; a client
 * {@code app}; events are kept; users may have keys.
 */
public final class TestRealm {

    public static final String PASSWORD = "a password";

    private static final String KEYS = "CREATE_API_KEY";

    /** Keycloak's own hashes would take up most of the time of the tests, which are about other things. */
    private static final String QUICK_HASHES = "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)";

    /** What every realm of a run signs with: to make a key pair for each would take a fifth of the server's time. */
    private static final String PRIVATE_KEY = privateKey();

    private final String name;
    private final RealmClients clients;
    private final RealmUsers users = new RealmUsers(this);
    private final App app;
    private boolean fineGrained;

    private TestRealm(String name) {
        this.name = name;
        this.clients = new RealmClients(name, admin());
        this.app = clients.app("app");
    }

    private TestRealm(String name, App app) {
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

    /** A realm that comes with users, as the import of an exported realm does; their ids stay what they are. */
    public static TestRealm importing(List<UserRepresentation> users) {
        return importing(realm -> realm.setUsers(users));
    }

    /** A realm that comes with more than its settings. */
    public static TestRealm importing(Consumer<RealmRepresentation> more) {
        TestRealm realm = withBuiltInFlows(newName(), more);
        realm.admin().flows().copy("browser", Map.of("newName", "with api key"));
        realm.admin().flows().addExecution("with api key", Map.of("provider", "api-key-form"));
        realm.flow("with api key").require("api-key-form", "ALTERNATIVE").bind();
        realm.registerKeys();
        return realm;
    }

    /** The project's {@code realm-export.json}, imported under a name of its own; its client {@code dashboard} is the app. */
    public static TestRealm demo() {
        String name = newName();
        String export;
        try {
            export = Files.readString(Path.of("realm-export.json"))
                    .replace("\"realm\": \"demo\"", "\"realm\": \"" + name + "\"")
                    .replace("default-roles-demo", "default-roles-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpResponse<String> imported = new Http()
                .send(Http.request(KeycloakServer.running().uri("/admin/realms"))
                        .header("Authorization", "Bearer " + adminToken())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(export)));
        if (imported.statusCode() != 201) {
            throw new AssertionError("The import answered " + imported.statusCode() + ": " + imported.body());
        }
        return new TestRealm(name, new App(name, "dashboard", "http://localhost:8090/login/oauth2/code/keycloak"));
    }

    /** The realm of the server's administrators, to look at only. */
    public static TestRealm master() {
        return new TestRealm("master", new App("master", "admin-cli", App.REDIRECT_URI));
    }

    private static String privateKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return Base64.getEncoder()
                    .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String newName() {
        return "it-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** A realm as Keycloak makes it, in which nobody has keys. */
    public static TestRealm withBuiltInFlows() {
        return withBuiltInFlows(newName());
    }

    /** A realm as Keycloak makes it, with a name of one's own. */
    public static TestRealm withBuiltInFlows(String name) {
        return withBuiltInFlows(name, realm -> {});
    }

    private static TestRealm withBuiltInFlows(String name, Consumer<RealmRepresentation> more) {
        RealmRepresentation realm = new RealmRepresentation();
        realm.setRealm(name);
        realm.setEnabled(true);
        realm.setEventsEnabled(true);
        realm.setEventsListeners(List.of("jboss-logging"));
        realm.setAdminEventsEnabled(true);
        realm.setAdminEventsDetailsEnabled(true);
        realm.setInternationalizationEnabled(true);
        realm.setSupportedLocales(Set.of("en", "de"));
        realm.setDefaultLocale("en");
        realm.setPasswordPolicy(QUICK_HASHES);
        realm.setPrivateKey(PRIVATE_KEY);
        more.accept(realm);
        RealmsAdministrator.client().realms().create(realm);
        return new TestRealm(realm.getRealm());
    }

    public String name() {
        return name;
    }

    /** Returns the realm as it is administered by whoever may grant every role. */
    RealmResource wholly() {
        return RealmsAdministrator.ofServer().realm(name);
    }

    /** Returns the realm as it is administered by whoever may grant most roles. */
    RealmResource granting() {
        return fineGrained ? wholly() : admin();
    }

    /** Keycloak's Admin REST API for this realm. */
    public RealmResource admin() {
        return name.equals("master")
                ? RealmsAdministrator.ofServer().realm(name)
                : RealmsAdministrator.client().realm(name);
    }

    /** The access token of the administrator of the whole server. */
    public static String serverAdminToken() {
        return RealmsAdministrator.ofServer().tokenManager().getAccessTokenString();
    }

    /** The access token of the administrator of the realms that this class of tests has made. */
    public static String adminToken() {
        return RealmsAdministrator.client().tokenManager().getAccessTokenString();
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

    /** A new user with a password. */
    public User user(String username) {
        return users.withPassword(username);
    }

    private void change(Consumer<RealmRepresentation> change) {
        RealmRepresentation representation = admin().toRepresentation();
        change.accept(representation);
        admin().update(representation);
    }

    public void loginTheme(String theme) {
        change(representation -> representation.setLoginTheme(theme));
    }

    public void accountTheme(String theme) {
        change(representation -> representation.setAccountTheme(theme));
    }

    public void adminTheme(String theme) {
        change(representation -> representation.setAdminTheme(theme));
    }

    /** Sets the realm's policy for keys, as the Admin Console does; answers the status. */
    public int setPolicy(Map<String, String> settings) {
        return send(
                        "PUT",
                        "/admin/realms/" + name + "/authentication/required-actions/CREATE_API_KEY/config",
                        Map.of("config", settings))
                .statusCode();
    }

    /** Registers the required action without which a realm has no keys; Keycloak enables it, too. */
    public void registerKeys() {
        send(
                "POST",
                "/admin/realms/" + name + "/authentication/register-required-action",
                Map.of("providerId", KEYS, "name", "Create API key"));
    }

    /** Turns the realm's keys off, and all that came of them. */
    public void turnKeysOff() {
        switchRequiredAction(KEYS, false);
    }

    public void turnKeysOn() {
        switchRequiredAction(KEYS, true);
    }

    public void unregisterKeys() {
        admin().flows().removeRequiredAction(KEYS);
    }

    /** What the Account Console knows of a user's keys, and of how to make one. */
    public JsonNode accountCredentials(User user) {
        HttpResponse<String> answer = new Http()
                .send(Http.request(
                                KeycloakServer.running().uri("/realms/" + name + "/account/credentials?type=api-key"))
                        .header("Accept", "application/json")
                        .header(
                                "Authorization",
                                "Bearer "
                                        + app.passwordGrant(user.username(), PASSWORD)
                                                .access()));
        return Json.read(answer.body()).path(0);
    }

    private static HttpResponse<String> send(String method, String path, Object body) {
        return new Http()
                .send(Http.request(KeycloakServer.running().uri(path))
                        .header("Authorization", "Bearer " + adminToken())
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(Json.write(body))));
    }

    /** Switches the realm's SCIM API on, where the server has one. */
    public void enableScim() {
        send("PUT", "/admin/realms/" + name, Map.of("realm", name, "scimApiEnabled", true));
    }

    /** Has the realm send its e-mails to a mail server without TLS or login. */
    public void sendMailTo(String host, int port) {
        change(representation ->
                representation.setSmtpServer(Map.of("host", host, "port", "" + port, "from", "keycloak@example.org")));
    }

    /** Makes organizations with these aliases. */
    public void organizations(String... aliases) {
        change(representation -> representation.setOrganizationsEnabled(true));
        for (String alias : aliases) {
            OrganizationRepresentation organization = new OrganizationRepresentation();
            organization.setName(alias);
            organization.setAlias(alias);
            organization.addDomain(new OrganizationDomainRepresentation(alias + ".example"));
            admin().organizations().create(organization).close();
        }
    }

    public void join(User user, String organization) {
        admin().organizations()
                .get(organizationId(organization))
                .members()
                .addMember(user.id())
                .close();
    }

    public void leave(User user, String organization) {
        admin().organizations()
                .get(organizationId(organization))
                .members()
                .removeMember(user.id())
                .close();
    }

    /** Makes a group in an organization, which gives its members a role. */
    public void groupWithRole(String organization, String group, String role, User member) {
        OrganizationGroupsResource groups =
                admin().organizations().get(organizationId(organization)).groups();
        GroupRepresentation representation = new GroupRepresentation();
        representation.setName(group);
        String id;
        try (Response created = groups.addTopLevelGroup(representation)) {
            id = CreatedResponseUtil.getCreatedId(created);
        }
        groups.group(id)
                .roles()
                .realmLevel()
                .add(List.of(admin().roles().get(role).toRepresentation()));
        groups.group(id).addMember(member.id());
    }

    private String organizationId(String alias) {
        return admin().organizations().list(0, 100).stream()
                .filter(organization -> alias.equals(organization.getAlias()))
                .findFirst()
                .orElseThrow()
                .getId();
    }

    /** Names the levels of authentication that clients ask for, as JSON. */
    public void mapLevels(String levels) {
        change(representation -> representation.getAttributes().put("acr.loa.map", levels));
    }

    public RawKey key(User holder) {
        return key(holder, Map.of("name", "key " + UUID.randomUUID()));
    }

    /** Makes a key with these fields of the request, such as {@code name} and {@code expiresIn}. */
    public RawKey key(User holder, Map<String, Object> fields) {
        return keys().issue(holder, fields);
    }

    /** One of each kind of key that no door takes: of another realm, disabled, deleted, expired, forged. */
    public List<String> keysThatAreNoGood(User holder) throws InterruptedException {
        RawKey disabled = key(holder);
        keys().change(disabled.id(), Map.of("enabled", false));
        RawKey deleted = key(holder);
        keys().delete(deleted.id());
        RawKey expired = key(holder, Map.of("name", "short-lived", "expiresIn", 1));
        Thread.sleep(1_100);
        return List.of(
                create().keyOfSomebody().raw(),
                disabled.raw(),
                deleted.raw(),
                expired.raw(),
                ForgedKey.of(holder.id()));
    }

    /** The keys of this realm, as an administrator of the realm sees them. */
    public KeysApi keys() {
        return KeysApi.admin(this, name.equals("master") ? serverAdminToken() : adminToken());
    }

    /** The keys of this realm, as a user sees their own who has just signed in on the login page. */
    public KeysApi keysOf(User user) {
        return KeysApi.selfService(this, signIn(user).access());
    }

    /** What the app gets when a user signs in on the login page, in a browser of their own. */
    public Tokens signIn(User user) {
        return app.tokens(app.logIn(new Browser()).logIn(user.username(), PASSWORD));
    }

    /** Lets the administrator of the whole server act as a user, in a browser. */
    public void impersonate(User user, Browser browser) {
        browser.send(Http.request(KeycloakServer.running()
                        .uri("/admin/realms/" + name + "/users/" + user.id() + "/impersonation"))
                .header("Authorization", "Bearer " + serverAdminToken())
                .POST(BodyPublishers.noBody()));
    }

    /** The keys of this realm, as a new user sees them who has these roles of its {@code realm-management} client. */
    public KeysApi keysAsAdministratorWith(String... roles) {
        User administrator = user("administrator-" + String.join("-", roles));
        for (String role : roles) {
            users.addClientRole(administrator, "realm-management", role);
        }
        return keysAsAdministrator(administrator);
    }

    /** The keys of this realm, as a user sees them who administers them, or tries to. */
    public KeysApi keysAsAdministrator(User administrator) {
        return KeysApi.admin(
                this, app.passwordGrant(administrator.username(), PASSWORD).access());
    }

    /** Turns fine-grained admin permissions on. Only an administrator of the whole server can grant them to others. */
    public FineGrainedPermissions fineGrainedPermissions() {
        fineGrained = true;
        change(representation -> representation.setAdminPermissionsEnabled(true));
        return new FineGrainedPermissions(wholly().clients()
                .get(clients.client("admin-permissions").getId())
                .authorization());
    }

    /** Deletes one of a user's own credentials, as the Account Console does it. */
    public void deleteCredentialAs(User user, String credentialId) {
        String token = app.passwordGrant(user.username(), PASSWORD).access();
        int status = call("DELETE", "/realms/" + name + "/account/credentials/" + credentialId, token);
        if (status != 204) {
            throw new AssertionError("Deleting a credential answered " + status);
        }
    }

    /** The status that one of Keycloak's own APIs answers a request without a body with. */
    public static int call(String method, String path, String token) {
        return new Http()
                .send(Http.request(KeycloakServer.running().uri(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Accept", "application/json")
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.noBody()))
                .statusCode();
    }

    /** A key of a new user. */
    public RawKey keyOfSomebody() {
        return key(user("somebody"));
    }

    public Gateway gateway() {
        return new Gateway(name);
    }

    /** A token without roles in it, which Keycloak looks up when it is used. */
    public String lightweightToken(User user) {
        return clients.adminCli().passwordGrant(user.username(), PASSWORD).access();
    }

    /** Has the realm keep events of these types, which it does not by default. */
    public void keepEvents(String... types) {
        change(representation -> representation.setEnabledEventTypes(List.of(types)));
    }

    public void disableRequiredAction(String alias) {
        switchRequiredAction(alias, false);
    }

    public void enableRequiredAction(String alias) {
        switchRequiredAction(alias, true);
    }

    /** Has every new user do an action at the first login. */
    public void demandOfNewUsers(String alias) {
        RequiredActionProviderRepresentation action = admin().flows().getRequiredAction(alias);
        action.setDefaultAction(true);
        admin().flows().updateRequiredAction(alias, action);
    }

    private void switchRequiredAction(String alias, boolean on) {
        RequiredActionProviderRepresentation action = admin().flows().getRequiredAction(alias);
        action.setEnabled(on);
        admin().flows().updateRequiredAction(alias, action);
    }

    /** Has the realm neither keep nor log events, so that they cost nothing. */
    public void keepNoEvents() {
        change(representation -> {
            representation.setEventsEnabled(false);
            representation.setAdminEventsEnabled(false);
            representation.setEventsListeners(List.of());
        });
    }

    /** What Keycloak says about itself to administrators, as JSON. */
    public JsonNode serverInfo() {
        return Json.read(new Http()
                .send(Http.request(KeycloakServer.running().uri("/admin/serverinfo"))
                        .header("Authorization", "Bearer " + adminToken()))
                .body());
    }

    /** Empties the server's cache of the realm's users. */
    public void forgetCachedUsers() {
        admin().clearUserCache();
    }

    /** Has the realm take nothing over plain HTTP, not even from this machine. */
    public void requireHttps() {
        change(representation -> representation.setSslRequired("all"));
    }

    /** Makes all tokens worthless that were issued before the next second. */
    public void revokeAllTokens() {
        change(representation -> representation.setNotBefore((int) (System.currentTimeMillis() / 1000) + 1));
    }

    /** Protects the realm against guessed passwords: three wrong ones lock a user for a while. */
    public void lockAfterWrongPasswords() {
        change(representation -> {
            representation.setBruteForceProtected(true);
            representation.setFailureFactor(3);
            representation.setWaitIncrementSeconds(600);
        });
    }

    public int sessions(User user) {
        return admin().users().get(user.id()).getUserSessions().size();
    }

    /** The id of one of the realm's components, such as its signing keys. */
    public String componentOfType(String providerType) {
        return admin().components().query(null, providerType).get(0).getId();
    }

    /** A flow to build on; see {@link Flow}. */
    public Flow flow(String alias) {
        return new Flow(admin(), alias);
    }

    /** The events of these types, newest first. */
    public List<EventRepresentation> events(EventType... types) {
        List<String> names = Stream.of(types).map(EventType::name).toList();
        return admin().getEvents(new ArrayList<>(names), null, null, null, null, null, null, null);
    }

    public List<AdminEventRepresentation> adminEvents(String resourceType) {
        return admin().getAdminEvents().stream()
                .filter(event -> resourceType.equals(event.getResourceType()))
                .toList();
    }
}
