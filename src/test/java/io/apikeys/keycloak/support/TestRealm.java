package io.apikeys.keycloak.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.events.EventType;
import org.keycloak.representations.idm.AdminEventRepresentation;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.RoleRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/**
 * A realm of its own for a test: its browser flow takes a password or, under "Try another way", an API key; a client
 * {@code app}; events are kept.
 */
public final class TestRealm {

    public static final String PASSWORD = "a password";

    private static final Keycloak ADMIN = Keycloak.getInstance(
            KeycloakServer.running().url(), "master", KeycloakServer.ADMIN, KeycloakServer.ADMIN_PASSWORD, "admin-cli");

    private static final String CLIENT_SECRET = "a client secret";

    private final String name;
    private final App app;

    private TestRealm(String name) {
        this.name = name;
        this.app = app("app");
    }

    private TestRealm(String name, App app) {
        this.name = name;
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
        TestRealm realm = withBuiltInFlows(users);
        realm.admin().flows().copy("browser", Map.of("newName", "with api key"));
        realm.admin().flows().addExecution("with api key", Map.of("provider", "api-key-form"));
        realm.flow("with api key").require("api-key-form", "ALTERNATIVE").bind();
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

    private static String newName() {
        return "it-" + UUID.randomUUID().toString().substring(0, 8);
    }

    public static TestRealm withBuiltInFlows() {
        return withBuiltInFlows(List.of());
    }

    private static TestRealm withBuiltInFlows(List<UserRepresentation> users) {
        RealmRepresentation realm = new RealmRepresentation();
        realm.setRealm(newName());
        realm.setEnabled(true);
        realm.setEventsEnabled(true);
        realm.setEventsListeners(List.of("jboss-logging"));
        realm.setAdminEventsEnabled(true);
        realm.setAdminEventsDetailsEnabled(true);
        realm.setInternationalizationEnabled(true);
        realm.setSupportedLocales(Set.of("en", "de"));
        realm.setDefaultLocale("en");
        realm.setUsers(users);
        ADMIN.realms().create(realm);
        return new TestRealm(realm.getRealm());
    }

    public String name() {
        return name;
    }

    /** Keycloak's Admin REST API for this realm. */
    public RealmResource admin() {
        return ADMIN.realm(name);
    }

    /** The access token of an administrator of the whole server. */
    static String adminToken() {
        return ADMIN.tokenManager().getAccessTokenString();
    }

    public App app() {
        return app;
    }

    /** A further public client. */
    public App anotherApp() {
        return app("another-app");
    }

    private App app(String clientId) {
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId(clientId);
        client.setPublicClient(true);
        client.setDirectAccessGrantsEnabled(true);
        client.setRedirectUris(List.of(App.REDIRECT_URI));
        client.setWebOrigins(List.of("http://app.example"));
        client.setAttributes(Map.of("pkce.code.challenge.method", "S256"));
        client.setProtocolMappers(List.of(mapper("oidc-api-key-mapper")));
        admin().clients().create(client).close();
        return new App(name, clientId, App.REDIRECT_URI);
    }

    /** Adds a protocol mapper to the client {@code app}. */
    public void addMapper(String type) {
        String app = admin().clients().findByClientId("app").get(0).getId();
        admin().clients()
                .get(app)
                .getProtocolMappers()
                .createMapper(mapper(type))
                .close();
    }

    /** Makes the tokens of the client {@code app} good for another client. */
    public void addToAudience(String clientId) {
        ProtocolMapperRepresentation mapper = mapper("oidc-audience-mapper");
        mapper.setConfig(Map.of("included.client.audience", clientId, "access.token.claim", "true"));
        admin().clients()
                .get(client("app").getId())
                .getProtocolMappers()
                .createMapper(mapper)
                .close();
    }

    private static ProtocolMapperRepresentation mapper(String type) {
        ProtocolMapperRepresentation mapper = new ProtocolMapperRepresentation();
        mapper.setName(type);
        mapper.setProtocol("openid-connect");
        mapper.setProtocolMapper(type);
        mapper.setConfig(Map.of("access.token.claim", "true", "id.token.claim", "true"));
        return mapper;
    }

    /** A user who came with the realm. */
    public User existingUser(String username) {
        return new User(admin().users().searchByUsername(username, true).get(0).getId(), username);
    }

    public User userWithNothingButAName(String username) {
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.setEnabled(true);
        return create(user);
    }

    public User user(String username) {
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.setEmail(username + "@example.org");
        user.setFirstName(username);
        user.setLastName("Example");
        user.setEnabled(true);
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(PASSWORD);
        user.setCredentials(List.of(password));
        return create(user);
    }

    private User create(UserRepresentation user) {
        return new User(CreatedResponseUtil.getCreatedId(admin().users().create(user)), user.getUsername());
    }

    public void disable(User user) {
        change(user, representation -> representation.setEnabled(false));
    }

    public void requireAction(User user, String action) {
        change(user, representation -> representation.setRequiredActions(List.of(action)));
    }

    private void change(User user, Consumer<UserRepresentation> change) {
        UserRepresentation representation = admin().users().get(user.id()).toRepresentation();
        change.accept(representation);
        admin().users().get(user.id()).update(representation);
    }

    private void change(Consumer<RealmRepresentation> change) {
        RealmRepresentation representation = admin().toRepresentation();
        change.accept(representation);
        admin().update(representation);
    }

    public void loginTheme(String theme) {
        change(representation -> representation.setLoginTheme(theme));
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

    /** The keys of this realm, as an administrator of the whole server sees them. */
    public KeysApi keys() {
        return KeysApi.admin(this, adminToken());
    }

    /** The keys of this realm, as a user sees their own. */
    public KeysApi keysOf(User user) {
        return KeysApi.selfService(
                this, app.passwordGrant(user.username(), PASSWORD).access());
    }

    /** The keys of this realm, as a new user sees them who has this one role of its {@code realm-management} client. */
    public KeysApi keysAsAdministratorWith(String role) {
        User administrator = user("administrator-" + role);
        addClientRole(administrator, "realm-management", role);
        return KeysApi.admin(
                this, app.passwordGrant(administrator.username(), PASSWORD).access());
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

    /** Takes all roles from a user but this one of the {@code account} client. */
    public void leaveOnlyAccountRole(User user, String role) {
        var realmRoles = admin().users().get(user.id()).roles().realmLevel();
        realmRoles.remove(realmRoles.listAll());
        addClientRole(user, "account", role);
    }

    private void addClientRole(User user, String client, String role) {
        String clientId = client(client).getId();
        admin().users()
                .get(user.id())
                .roles()
                .clientLevel(clientId)
                .add(List.of(admin().clients().get(clientId).roles().get(role).toRepresentation()));
    }

    /** Makes a confidential client with a service account, and signs that in. */
    public String serviceAccountToken(String clientId) {
        confidentialClient(clientId);
        return new App(name, clientId, App.REDIRECT_URI)
                .clientCredentialsGrant(CLIENT_SECRET)
                .access();
    }

    /** A new confidential client that introspects. */
    public ResourceServer resourceServer(String clientId) {
        confidentialClient(clientId);
        return resourceServerWith(Map.of("client_id", clientId, "client_secret", CLIENT_SECRET));
    }

    /** Something that introspects with these form parameters to say who it is. */
    public ResourceServer resourceServerWith(Map<String, String> credentials) {
        return new ResourceServer(name, credentials);
    }

    private void confidentialClient(String clientId) {
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId(clientId);
        client.setSecret(CLIENT_SECRET);
        client.setServiceAccountsEnabled(true);
        admin().clients().create(client).close();
    }

    public Gateway gateway() {
        return new Gateway(name);
    }

    /** Makes a realm role and gives it to a user. */
    public void giveRole(User user, String role) {
        admin().roles().create(new RoleRepresentation(role, null, false));
        admin().users()
                .get(user.id())
                .roles()
                .realmLevel()
                .add(List.of(admin().roles().get(role).toRepresentation()));
    }

    /** Makes a role of client {@code app} and gives it to a user. */
    public void giveAppRole(User user, String role) {
        admin().clients().get(client("app").getId()).roles().create(new RoleRepresentation(role, null, false));
        addClientRole(user, "app", role);
    }

    public void makeAdministrator(User user) {
        addClientRole(user, "realm-management", "realm-admin");
    }

    /** Lets a client see only roles that are its own or that it is given. */
    public void restrictScope(String clientId) {
        change(clientId, client -> client.setFullScopeAllowed(false));
    }

    public void disableDirectGrants(String clientId) {
        change(clientId, client -> client.setDirectAccessGrantsEnabled(false));
    }

    public void disableClient(String clientId) {
        change(clientId, client -> client.setEnabled(false));
    }

    private void change(String clientId, Consumer<ClientRepresentation> change) {
        ClientRepresentation client = client(clientId);
        change.accept(client);
        admin().clients().get(client.getId()).update(client);
    }

    /** The client of Keycloak's own command line, whose access tokens are lightweight. */
    public App adminCli() {
        return new App(name, "admin-cli", App.REDIRECT_URI);
    }

    /** A token without roles in it, which Keycloak looks up when it is used. */
    public String lightweightToken(User user) {
        return adminCli().passwordGrant(user.username(), PASSWORD).access();
    }

    /** Has the realm keep events of these types, which it does not by default. */
    public void keepEvents(String... types) {
        change(representation -> representation.setEnabledEventTypes(List.of(types)));
    }

    public ClientRepresentation client(String clientId) {
        return admin().clients().findByClientId(clientId).get(0);
    }

    /** What Keycloak says about itself to administrators, as JSON. */
    public JsonNode serverInfo() {
        return Json.read(new Http()
                .send(Http.request(KeycloakServer.running().uri("/admin/serverinfo"))
                        .header("Authorization", "Bearer " + adminToken()))
                .body());
    }

    /** Protects the realm against guessed passwords: three wrong ones lock a user for a while. */
    public void lockAfterWrongPasswords() {
        change(representation -> {
            representation.setBruteForceProtected(true);
            representation.setFailureFactor(3);
            representation.setWaitIncrementSeconds(600);
        });
    }

    /** Locks a user by three wrong passwords. */
    public void lock(User user) {
        lockAfterWrongPasswords();
        for (int i = 0; i < 3; i++) {
            app.passwordGrant(user.username(), "wrong");
        }
        if (!isLocked(user)) {
            throw new AssertionError(user + " is not locked");
        }
    }

    public boolean isLocked(User user) {
        return Boolean.TRUE.equals(
                admin().attackDetection().bruteForceUserStatus(user.id()).get("disabled"));
    }

    public int sessions(User user) {
        return admin().users().get(user.id()).getUserSessions().size();
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
